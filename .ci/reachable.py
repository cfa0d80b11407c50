"""Say whether a PostgreSQL and a Redis answer at two URLs: exit status 0, or 1 with the reason."""

import sys

import psycopg
import redis

try:
    psycopg.connect(sys.argv[1].replace("postgis://", "postgres://"), connect_timeout=3).close()
    redis.Redis.from_url(sys.argv[2], socket_connect_timeout=3).ping()
except (psycopg.Error, redis.RedisError) as error:
    sys.exit(" ".join(str(error).split()))
