// What an integrator does first, with the types that openapi-typescript has generated.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

import createClient, { type Client } from "openapi-fetch";

import type { components, paths } from "../../../build/clients/typescript/schoolday.js";

type Schemas = components["schemas"];

const url = setting("SCHOOLDAY_URL");
const slug = setting("SCHOOLDAY_SCHOOL");

async function main(): Promise<void> {
  const headers = { Authorization: `Bearer ${await accessToken()}` };
  const client = createClient<paths>({ baseUrl: url, headers });
  const school = await findSchool(client);
  const day = await readLookups(client);
  await followPages(client);
  await createAndDelete(client, school);
  await breakARule(client, day);
}

function setting(name: string): string {
  const value = process.env[name];
  assert(value, `${name} is not set`);
  return value;
}

async function accessToken(): Promise<string> {
  const credentials = `${setting("SCHOOLDAY_CLIENT_ID")}:${setting("SCHOOLDAY_CLIENT_SECRET")}`;
  const response = await fetch(`${url}/oauth/token`, {
    method: "POST",
    headers: { Authorization: `Basic ${Buffer.from(credentials).toString("base64")}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  assert.equal(response.status, 200);
  const answer = (await response.json()) as { access_token: string };
  return answer.access_token;
}

async function findSchool(client: Client<paths>): Promise<Schemas["School"]> {
  const { data } = await client.GET("/api/v1/schools", { params: { query: { search: slug } } });
  const [school] = data?.results ?? [];
  assert(school);
  assert.equal(school.slug, slug);
  return school;
}

async function readLookups(client: Client<paths>): Promise<Schemas["DailySchedule"]> {
  const now = await client.GET("/api/v1/schools/{school}/now", { params: { path: { school: slug } } });
  const coming = now.data?.next_school_day;
  assert(coming);

  const { data: day } = await client.GET("/api/v1/schools/{school}/days/{date}", {
    params: { path: { school: slug, date: coming.date } },
  });
  const first = day?.periods[0];
  assert(day && first);
  assert.equal(first.starts_at, coming.starts_at);

  const then = await client.GET("/api/v1/schools/{school}/now", {
    params: { path: { school: slug }, query: { at: first.starts_at } },
  });
  assert.equal(then.data?.interval.period?.id, first.id);

  const { data: answer } = await client.GET("/api/v1/quarters/for-date", {
    params: { query: { school: slug, date: coming.date } },
  });
  assert.deepEqual(answer?.quarter, day.quarter);
  return day;
}

async function followPages(client: Client<paths>): Promise<void> {
  const found: string[] = [];
  let cursor: string | null | undefined;
  do {
    const query = { school: slug, page_size: 7, ...(cursor ? { cursor } : {}) };
    const { data } = await client.GET("/api/v1/period-definitions", { params: { query } });
    assert(data);
    found.push(...data.results.map((period) => period.id));
    cursor = data.next && new URL(data.next).searchParams.get("cursor");
  } while (cursor);
  const { data: whole } = await client.GET("/api/v1/period-definitions", {
    params: { query: { school: slug, page_size: 1000 } },
  });
  assert.deepEqual(found, whole?.results.map((period) => period.id));
  assert(found.length > 7);
}

async function createAndDelete(client: Client<paths>, school: Schemas["School"]): Promise<void> {
  const code = `driver-${randomUUID().slice(0, 8)}`;
  const { data: created } = await client.POST("/api/v1/period-templates", {
    body: { school: school.id, code, name: "Field day" },
  });
  assert(created);
  const params = { path: { id: created.id } };
  const { data: read } = await client.GET("/api/v1/period-templates/{id}", { params });
  assert.deepEqual(read, created);

  const gone = await client.DELETE("/api/v1/period-templates/{id}", { params });
  assert.equal(gone.response.status, 204);

  const { error: problem } = await client.GET("/api/v1/period-templates/{id}", { params });
  assert(problem);
  assert.deepEqual([problem.status, problem.code], [404, "not_found"]);
}

async function breakARule(client: Client<paths>, day: Schemas["DailySchedule"]): Promise<void> {
  assert(day.academic_year);
  const { error: problem } = await client.POST("/api/v1/breaks", {
    body: {
      academic_year: day.academic_year.id,
      name: "Backwards",
      start_date: day.date,
      end_date: "2000-01-01",
    },
  });
  assert.equal(problem?.status, 400);
  assert.deepEqual(
    problem.errors.map((error) => [error.pointer, error.code]),
    [["/end_date", "dates_out_of_order"]],
  );
}

await main();
