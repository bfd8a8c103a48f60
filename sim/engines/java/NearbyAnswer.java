import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * The part of a WHATSAT's answer that comes from Places: the provider's JSON with fewer newlines and
 * at most the wanted results. `error` is the failure for the log; null if there was none.
 */
record NearbyAnswer(String json, List<JsonText.Range> results, String error) {
  private static final Set<String> GOOD = Set.of("OK", "ZERO_RESULTS");

  /** Returns the answer for a failed query. */
  static NearbyAnswer failure(String error) {
    return new NearbyAnswer(failureJson("UNKNOWN_ERROR", error), List.of(), error);
  }

  private static String failureJson(String status, String message) {
    return "{\"html_attributions\": [], \"results\": [], \"status\": " + JsonText.quoted(status)
        + ", \"error_message\": " + JsonText.quoted(message) + "}";
  }

  /** Reads the body of an HTTP error, which may tell what was wrong. */
  static NearbyAnswer ofHttpError(int httpStatus, byte[] body) {
    NearbyAnswer refusal = null;
    try {
      // Redirects are not followed.
      if (httpStatus >= 400) refusal = refusalIn(JsonText.object(textOf(body)));
    } catch (CharacterCodingException | JsonText.Malformed e) {
      // The HTTP status is all that is known.
    }
    return refusal != null ? refusal : failure("Places answered HTTP " + httpStatus);
  }

  /** Reads the body of an HTTP answer with status 200. */
  static NearbyAnswer of(byte[] body) {
    try {
      return of(JsonText.object(textOf(body)));
    } catch (CharacterCodingException | JsonText.Malformed e) {
      return failure("Places answered with what is not JSON: " + Log.reason(e));
    }
  }

  private static NearbyAnswer of(JsonText.JsonObject object) throws JsonText.Malformed {
    var refusal = refusalIn(object);
    if (refusal != null) return refusal;
    if (!isStatus(object.string("status"))) {
      return failure("Places answered with JSON that has no status");
    }
    List<JsonText.Range> results = object.array("results");
    return results == null ? failure("Places answered with JSON that has no results")
        : new NearbyAnswer(object.text(), results, null);
  }

  /**
   * Returns the failure that the provider tells of; null if it tells of none. Google's newer services
   * tell of it in an object `error`.
   */
  private static NearbyAnswer refusalIn(JsonText.JsonObject object) throws JsonText.Malformed {
    String status = object.string("status");
    if (isStatus(status)) {
      if (GOOD.contains(status)) return null;
      String message = object.string("error_message");
      String json = isEmpty(message)
          ? object.with("error_message", JsonText.quoted("Places answered " + status))
          : object.text();
      json = JsonText.object(json).with("results", "[]");
      return new NearbyAnswer(json, List.of(), errorOf(status, message));
    }
    var error = object.object("error");
    status = error == null ? null : error.string("status");
    if (!isStatus(status) || GOOD.contains(status)) return null;
    String message = error.string("message");
    String json = failureJson(status, isEmpty(message) ? "Places answered " + status : message);
    return new NearbyAnswer(json, List.of(), errorOf(status, message));
  }

  private static String errorOf(String status, String message) {
    return "Places answered " + status + (isEmpty(message) ? "" : ": " + message);
  }

  private static boolean isStatus(String status) {
    return status != null && status.matches("[A-Z0-9_]{1,64}");
  }

  private static boolean isEmpty(String text) {
    return text == null || text.isEmpty();
  }

  /** Returns the answer with at most `bound` results. */
  byte[] cut(int bound) {
    String kept = json;
    if (results.size() > bound) {
      int begin = results.get(bound - 1).end();
      int end = results.get(results.size() - 1).end();
      kept = json.substring(0, begin) + json.substring(end);
    }
    return kept.getBytes(StandardCharsets.UTF_8);
  }

  private static String textOf(byte[] body) throws CharacterCodingException {
    return foldNewlines(
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
  }

  /** Folds newlines, because an empty line ends an answer: runs to one LF, none at the ends. */
  private static String foldNewlines(String text) {
    return text.replaceAll("[\\r\\n]+", "\n").replaceAll("^\n|\n$", "");
  }
}
