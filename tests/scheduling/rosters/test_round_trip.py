from tests.scheduling.rosters.conftest import *
from scheduling.models import *


def test_x(harbor):
    r = imported(roster(ORGS, SESSIONS))
    print(r)
    print(
        list(Term.objects.values_list("term_type", "name", "start_date", "end_date")),
        list(Quarter.objects.values_list("quarter_type")),
    )
    d = exported()
    import io, zipfile

    z = zipfile.ZipFile(io.BytesIO(d))
    for n in z.namelist():
        print(n)
        print(z.read(n).decode())
    assert 0
