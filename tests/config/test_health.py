"""What a supervisor is told."""

import pytest
from django.db import OperationalError, connection
from django.test import Client


def test_a_process_that_answers_is_alive(settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    response = Client().get("/livez", headers={"host": "10.0.0.7"})
    assert (response.status_code, response.json()) == (200, {"status": "alive"})


@pytest.mark.django_db
def test_a_service_with_its_database_is_ready(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        response = Client().get("/readyz", headers={"host": "10.0.0.7"})
    assert (response.status_code, response.json()) == (200, {"status": "ready"})
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db(transaction=True)
def test_a_service_without_its_database_is_not_ready() -> None:
    def refuse(*_args) -> None:
        raise OperationalError("The server is away.")

    with connection.execute_wrapper(refuse):
        response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "the database does not answer"}
    assert Client().get("/readyz").status_code == 200
