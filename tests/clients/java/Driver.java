import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.BellSchedulesApi;
import org.openapitools.client.api.BreaksApi;
import org.openapitools.client.api.CalendarApi;
import org.openapitools.client.api.PeriodsApi;
import org.openapitools.client.api.SchoolsApi;
import org.openapitools.client.model.Bell;
import org.openapitools.client.model.BreakRequest;
import org.openapitools.client.model.DailySchedule;
import org.openapitools.client.model.NextSchoolDay;
import org.openapitools.client.model.Now;
import org.openapitools.client.model.PeriodDefinition;
import org.openapitools.client.model.PeriodDefinitionsPage;
import org.openapitools.client.model.PeriodTemplate;
import org.openapitools.client.model.PeriodTemplateRequest;
import org.openapitools.client.model.Problem;
import org.openapitools.client.model.QuarterForDate;
import org.openapitools.client.model.School;

/** What an integrator does first, with the Java client that OpenAPI Generator has generated. */
public final class Driver {
  private static final String URL = System.getenv("SCHOOLDAY_URL");
  private static final String SLUG = System.getenv("SCHOOLDAY_SCHOOL");

  private final ApiClient client = new ApiClient();
  private final CalendarApi calendar;
  private final BellSchedulesApi templates;

  private Driver(String token) {
    client.updateBaseUri(URL);
    client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
    calendar = new CalendarApi(client);
    templates = new BellSchedulesApi(client);
  }

  public static void main(String[] arguments) throws Exception {
    Driver driver = new Driver(accessToken());
    School school = driver.findSchool();
    DailySchedule day = driver.readLookups();
    driver.followPages();
    driver.createAndDelete(school);
    driver.breakARule(day);
  }

  private static String accessToken() throws Exception {
    String credentials =
        System.getenv("SCHOOLDAY_CLIENT_ID") + ":" + System.getenv("SCHOOLDAY_CLIENT_SECRET");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(URL + "/oauth/token"))
            .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes()))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"))
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    same(response.statusCode(), 200);
    return new ApiClient().getObjectMapper().readTree(response.body()).get("access_token").asText();
  }

  private School findSchool() throws ApiException {
    var asked = SchoolsApi.APIListSchoolsRequest.newBuilder().search(SLUG).build();
    List<School> found = new SchoolsApi(client).listSchools(asked).getResults();
    same(found.size(), 1);
    same(found.get(0).getSlug(), SLUG);
    return found.get(0);
  }

  private DailySchedule readLookups() throws ApiException {
    var present = CalendarApi.APIGetNowRequest.newBuilder().school(SLUG);
    NextSchoolDay coming = calendar.getNow(present.build()).getNextSchoolDay();

    String date = coming.getDate().toString();
    var dated = CalendarApi.APIGetDailyScheduleRequest.newBuilder().school(SLUG).date(date);
    DailySchedule day = calendar.getDailySchedule(dated.build());
    Bell first = day.getPeriods().get(0);
    same(first.getStartsAt(), coming.getStartsAt());

    Now then = calendar.getNow(present.at(first.getStartsAt()).build());
    same(then.getInterval().getPeriod().getId(), first.getId());

    var asked = CalendarApi.APIGetQuarterForDateRequest.newBuilder().school(SLUG).date(date);
    QuarterForDate answer = calendar.getQuarterForDate(asked.build());
    same(answer.getQuarter(), day.getQuarter());
    return day;
  }

  private void followPages() throws ApiException {
    PeriodsApi periods = new PeriodsApi(client);
    var asked = PeriodsApi.APIListPeriodDefinitionsRequest.newBuilder().school(SLUG);
    List<PeriodDefinition> found = new ArrayList<>();
    String cursor = null;
    do {
      PeriodDefinitionsPage page =
          periods.listPeriodDefinitions(asked.pageSize(7).cursor(cursor).build());
      found.addAll(page.getResults());
      cursor = page.getNext() == null ? null : cursorOf(page.getNext());
    } while (cursor != null);
    same(found, periods.listPeriodDefinitions(asked.pageSize(1000).cursor(null).build()).getResults());
    same(found.size() > 7, true);
  }

  private static String cursorOf(URI next) {
    for (String pair : next.getRawQuery().split("&")) {
      if (pair.startsWith("cursor=")) {
        return URLDecoder.decode(pair.substring("cursor=".length()), StandardCharsets.UTF_8);
      }
    }
    throw new AssertionError(next);
  }

  private void createAndDelete(School school) throws Exception {
    String code = "driver-" + UUID.randomUUID().toString().substring(0, 8);
    PeriodTemplateRequest body =
        new PeriodTemplateRequest().school(school.getSlug()).code(code).name("Field day");
    PeriodTemplate created = templates.createPeriodTemplate(body, null);
    same(templates.getPeriodTemplate(created.getId(), null, null), created);
    templates.deletePeriodTemplate(created.getId(), null);
    Problem problem = refusal(() -> templates.getPeriodTemplate(created.getId(), null, null));
    same(problem.getStatus(), 404);
    same(problem.getCode(), "not_found");
  }

  private void breakARule(DailySchedule day) throws Exception {
    BreakRequest body =
        new BreakRequest()
            .academicYear(day.getAcademicYear().getId())
            .name("Backwards")
            .startDate(day.getDate())
            .endDate(day.getDate().minusDays(1));
    Problem problem = refusal(() -> new BreaksApi(client).createBreak(body, null));
    same(problem.getStatus(), 400);
    same(problem.getErrors().size(), 1);
    same(problem.getErrors().get(0).getPointer(), "/end_date");
    same(problem.getErrors().get(0).getCode(), "dates_out_of_order");
  }

  private interface Call {
    Object make() throws ApiException;
  }

  private Problem refusal(Call call) throws Exception {
    try {
      call.make();
    } catch (ApiException refused) {
      return client.getObjectMapper().readValue(refused.getResponseBody(), Problem.class);
    }
    throw new AssertionError("This should have been refused.");
  }

  private static void same(Object found, Object expected) {
    if (!Objects.equals(found, expected)) {
      throw new AssertionError(found + " is not " + expected);
    }
  }
}
