import JSON
import SimulatedQdrant
import Testing

@Suite struct FaultScriptTests {
  /// Which of a row of equal requests a matcher meets.
  private func met(_ matcher: FaultMatcher, of requests: [SimulatedRequest]) -> [Int] {
    var script = FaultScript([FaultRule(matcher, .dropBeforeApply)])
    return requests.indices.filter { script.decide(requests[$0], now: start).fault != nil }
  }

  @Test func `The nth of the matching requests is met, once, so many times, or from then on`() {
    let requests = [get("/a"), create("x"), get("/b"), create("y"), create("z"), create("x")]
    let puts = FaultMatcher(methods: ["PUT"], path: "/collections/*")
    #expect(met(puts, of: requests) == [1])
    #expect(met(FaultMatcher(methods: ["PUT"], nth: 2), of: requests) == [3])
    #expect(met(FaultMatcher(methods: ["PUT"], nth: 2, times: 2), of: requests) == [3, 4])
    #expect(met(FaultMatcher(methods: ["PUT"], nth: 3, times: nil), of: requests) == [4, 5])
    #expect(met(FaultMatcher(nth: 5, times: nil), of: requests) == [4, 5])
    #expect(met(FaultMatcher(methods: ["PATCH"]), of: requests) == [])
    #expect(met(FaultMatcher(bodyContains: "\"size\":4"), of: requests) == [1])
    #expect(met(FaultMatcher(bodyContains: "\"size\":5", times: nil), of: requests) == [])
  }

  @Test(arguments: [
    ("/collections/*", "/collections/a?wait=true", true),
    ("/collections/*", "/collections/a/points", false),
    ("/collections/*", "/collections/", true), ("/collections/*", "/collections", false),
    ("/collections/*/points", "/collections/a%2Fb/points", true),
    ("**", "/", true), ("**", "", true), ("", "", true), ("", "/", false),
    ("**/points", "/collections/a/points", true), ("/a*c", "/abbbc", true),
    ("/a*c", "/ab/c", false), ("/a**c", "/ab/c", true), ("/**/x/*", "/1/2/x/3", true),
    ("/**/x/*", "/1/2/x/3/4", false), ("/a", "/A", false),
  ])
  func `A pattern matches whole raw paths`(pattern: String, target: String, expected: Bool) {
    #expect((met(FaultMatcher(path: pattern), of: [get(target)]) == [0]) == expected)
  }

  @Test func `The first rule that meets a request decides, and all that match count it`() {
    var script = FaultScript([
      FaultRule(FaultMatcher(methods: ["PUT"], nth: 2), .neverApply),
      FaultRule(FaultMatcher(nth: 2, times: 2), .dropAfterApply),
    ])
    let faults = [create("a"), create("b"), create("c")].map { script.decide($0, now: 0).fault }
    #expect(faults == [nil, .neverApply, .dropAfterApply])
  }

  @Test func `A rate lets so many requests of any second through`() {
    var script = FaultScript([
      FaultRule(FaultMatcher(times: nil), .rate(perSecond: 2, retryAfter: 7))
    ])
    let times = [0, 0.1, 0.2, 0.9, 1.05, 1.06, 1.15, 3, 3, 3]
    let refused = times.map { script.decide(get("/"), now: start + $0).fault != nil }
    #expect(
      refused == [false, false, true, true, false, true, false, false, false, true])
  }

  @Test func `Every fault has a JSON form that is read as that fault`() throws {
    let forms: [(String, Fault)] = [
      ("\"refuse\"", .refuse), ("\"drop_before_read\"", .dropBeforeRead),
      ("\"drop_mid_request\",\"bytes\":3", .dropMidRequest(after: 3)),
      ("\"drop_before_apply\"", .dropBeforeApply), ("\"drop_after_apply\"", .dropAfterApply),
      ("\"delay\",\"seconds\":0.5", .delay(seconds: 0.5)),
      ("\"apply_then_status\",\"status\":504", .applyThenStatus(504)),
      (
        "\"status\",\"status\":429,\"body\":{\"a\":1},\"headers\":{\"retry-after\":\"7\"}",
        .status(429, body: Array("{\"a\":1}".utf8), headers: [FaultHeader("retry-after", "7")])
      ),
      ("\"late_apply\",\"seconds\":60", .lateApply(seconds: 60)),
      ("\"never_apply\"", .neverApply), ("\"partial_apply\",\"sections\":2", .partialApply(2)),
      ("\"duplicate\",\"times_applied\":2", .duplicate(times: 2)),
      ("\"truncate\",\"bytes\":0", .truncate(after: 0)),
      ("\"garbage\",\"body\":\"<html>\"", .garbage(Array("<html>".utf8))),
      ("\"not_http\",\"body\":\"x\"", .notHTTP([0x78])),
      ("\"wrong_schema\",\"change\":\"null_result\"", .wrongSchema(.nullResult)),
      ("\"wrong_schema\",\"change\":[\"result\",\"a\"]", .wrongSchema(.without(["result", "a"]))),
      ("\"wrong_schema\",\"change\":100000", .wrongSchema(.deepResult(levels: 100_000))),
      ("\"slowloris\",\"bytes_per_second\":1", .slowloris(bytesPerSecond: 1)),
      ("\"blackhole\",\"applied\":true", .blackhole(applied: true)),
      ("\"huge_body\",\"bytes\":10", .hugeBody(bytes: 10)),
      ("\"redirect\",\"to\":\"http://x/\"", .redirect(to: "http://x/", status: 307)),
      ("\"previous_answer\"", .previousAnswer),
      ("\"restart\",\"keep_storage\":false", .restart(keepingStorage: false)),
      ("\"version\",\"version\":\"1.18.3\"", .version(.v1_18_3)),
      ("\"rate\",\"per_second\":1,\"retry_after\":7", .rate(perSecond: 1, retryAfter: 7)),
      ("\"auth_flip\"", .authFlip), ("\"empty_info\"", .emptyInfo),
    ]
    for (form, fault) in forms {
      let script = try FaultScript(json: Array("{\"faults\":[{\"fault\":\(form)}]}".utf8))
      #expect(script.rules == [FaultRule(FaultMatcher(), fault)], "\(form)")
    }
    let text = FaultScript.documentation.joined()
    for (form, _) in forms {
      let name = form.split(separator: "\"")[0]
      #expect(text.contains(name), "\(name) is documented")
    }
  }

  @Test func `A rule says which requests it meets`() throws {
    let text = """
      {"faults":[{"fault":"refuse","method":["PUT","POST"],"path":"/a/*","body_contains":"x",
      "nth":3,"times":"always"},{"fault":"refuse","method":"GET","times":2}]}
      """
    let rules = try FaultScript(json: Array(text.utf8)).rules
    #expect(
      rules.map(\.matcher) == [
        FaultMatcher(
          methods: ["PUT", "POST"], path: "/a/*", bodyContains: "x", nth: 3, times: nil),
        FaultMatcher(methods: ["GET"], times: 2),
      ])
  }

  @Test(arguments: [
    ("", ""), ("{", ""), ("[]", ""), ("{\"faults\":1}", ""), ("{\"faults\":[],\"x\":1}", ""),
    ("{\"faults\":[1]}", "faults[0]"), ("{\"faults\":[{}]}", "faults[0].fault"),
    ("{\"faults\":[{\"fault\":\"nope\"}]}", "faults[0].fault"),
    ("{\"faults\":[{\"fault\":\"refuse\"},{\"fault\":\"refuse\",\"x\":1}]}", "faults[1].x"),
    ("{\"faults\":[{\"fault\":\"refuse\",\"bytes\":1}]}", "faults[0].bytes"),
    ("{\"faults\":[{\"fault\":\"truncate\"}]}", "faults[0].bytes"),
    ("{\"faults\":[{\"fault\":\"truncate\",\"bytes\":-1}]}", "faults[0].bytes"),
    ("{\"faults\":[{\"fault\":\"delay\",\"seconds\":1e999}]}", "faults[0].seconds"),
    ("{\"faults\":[{\"fault\":\"refuse\",\"nth\":0}]}", "faults[0].nth"),
    ("{\"faults\":[{\"fault\":\"refuse\",\"times\":\"often\"}]}", "faults[0].times"),
    ("{\"faults\":[{\"fault\":\"refuse\",\"fault\":\"refuse\"}]}", "faults[0]"),
    ("{\"faults\":[{\"fault\":\"status\",\"status\":100}]}", "faults[0].status"),
    ("{\"faults\":[{\"fault\":\"version\",\"version\":\"0.1\"}]}", "faults[0].version"),
    ("{\"faults\":[{\"fault\":\"wrong_schema\",\"change\":1.5}]}", "faults[0].change"),
  ])
  func `What is no fault script is refused with its place`(text: String, place: String) {
    do throws(FaultScriptError) {
      _ = try FaultScript(json: Array(text.utf8))
      Issue.record("was read")
    } catch {
      #expect(error.place == place)
    }
  }
}
