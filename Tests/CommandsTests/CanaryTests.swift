import Commands
import Foundation
import JSON
import ScriptedServer
import Testing

/// A key that is seen nowhere but at the server.
@Suite struct CanaryTests {
  private static let canary = "cAnArY/7+Qx9=key&\"<"

  /// How the key may look in an answer.
  private static let echoes: [String] = {
    let bytes = Array(canary.utf8)
    let hex = bytes.map { String(format: "%02x", $0) }.joined()
    return [
      canary, JSONValue.string(canary).text(), Data(bytes).base64EncodedString(), hex,
      canary.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "",
    ]
  }()

  private func expectNoCanary(_ text: String, _ what: String) {
    for echo in CanaryTests.echoes {
      #expect(!text.contains(echo), "\(what): \(text)")
    }
    #expect(!text.contains("cAnArY"), "\(what): \(text)")
  }

  @Test(arguments: [false, true], [401, 403, 404, 500])
  func `A key that the server echoes appears in no output, plan or report`(
    inFile: Bool, status: Int
  ) async throws {
    let words = CanaryTests.echoes.joined(separator: " and ")
    let body: JSONValue = ["status": ["error": .string("bad key: \(words)")]]
    let echo = ScriptedServer.Step.answer(.init(status, body: body.text()))
    let server = try ScriptedServer(then: echo)
    let bench = try CommandBench(environment: ["KEY": CanaryTests.canary], connects: true)
    try CanaryTests.canary.write(toFile: bench.path("key"), atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: bench.path("key"))
    try bench.write(
      MainPathTests.products,
      cluster: """
        kind: Cluster
        name: here
        url: http://127.0.0.1:\(server.port)
        api_key: {\(inFile ? "file: key" : "env: KEY")}
        """)
    let results = [
      await bench.plan(
        bench.folder, "--out", bench.path("plan.json"), "--report",
        "markdown=" + bench.path("plan.md"), "--report", "json=" + bench.path("report.json"),
        "--show-rollback", "--verbose"),
      await bench.drift(bench.folder, "--report", "json=" + bench.path("drift.json")),
      await bench.drift(bench.folder, "--format", "json"),
      await bench.apply(
        bench.folder, "--yes", "--report", "markdown=" + bench.path("apply.md")),
      await bench.plan("show", bench.path("plan.json")),
    ]
    #expect(!server.requests.isEmpty)
    #expect(server.requests.allSatisfy { $0.values("api-key") == [CanaryTests.canary] })
    #expect(results[0].output.contains("bad key: "), "\(results[0].output)")
    for result in results { expectNoCanary(result.output + result.error, "output") }
    for name in ["plan.json", "plan.md", "report.json", "drift.json", "apply.md"] {
      let text = try String(contentsOfFile: bench.path(name), encoding: .utf8)
      expectNoCanary(text, name)
    }
  }

  @Test func `A plan that is applied holds the reference, never the key`() async throws {
    let server = try ScriptedServer(then: .closeAfterReading)
    let simulated = try CommandBench()
    let cluster = """
      kind: Cluster
      name: here
      url: http://127.0.0.1:\(server.port)
      api_key: {env: KEY}
      """
    try simulated.write(MainPathTests.products, cluster: cluster)
    let file = simulated.path("plan.json")
    #expect(await simulated.plan(simulated.folder, "--out", file).status == .success)
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(text.contains(#""env": "KEY""#), "\(text)")
    let bench = try CommandBench(environment: ["KEY": CanaryTests.canary], connects: true)
    let apply = await bench.apply(file)
    #expect(apply.status == .unreachable, "\(apply.error)")
    #expect(server.requests.first?.values("api-key") == [CanaryTests.canary])
    expectNoCanary(apply.output + apply.error, "apply")
    expectNoCanary(text, "plan file")
  }
}
