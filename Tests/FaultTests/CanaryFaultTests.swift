import Execution
import Foundation
import InProcessTransport
import JSON
import LawBench
import Planning
import QdrantProvider
import QdrantSchema
import Rendering
import ResourceModel
import Secrets
import SimulatedQdrant
import Synchronization
import Testing
import Transport

/// A key, and a secret of somebody else's address, that no run writes down, whatever fails.
@Suite struct CanaryFaultTests {
  private static let canary = "cAnArY/7+Qx9=key&\"<"

  /// How the key may look in what a server says.
  private static let echoes: [String] = {
    let bytes = Array(canary.utf8)
    let percent = canary.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    return [
      canary, JSONValue.string(canary).text(), Data(bytes).base64EncodedString(), percent,
      bytes.map { String(format: "%02x", $0) }.joined(),
    ]
  }()

  private static let words = echoes.joined(separator: " and ")
  private static let envelope = JSONValue.object(["status": ["error": .string(words)]]).bytes()

  /// What the server says to a mutation: the key in its text, its headers, its page, its address.
  private static let answers: [Fault] =
    [400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503, 507].flatMap { status -> [Fault] in
      [
        .status(
          status, body: envelope,
          headers: [FaultHeader("api-key", canary), FaultHeader("retry-after", canary)]),
        .status(
          status, body: Array("<html>\(words)</html>".utf8),
          headers: [FaultHeader("content-type", canary)]),
      ]
    } + [
      .garbage(Array(words.utf8)), .notHTTP(Array(words.utf8)),
      .redirect(to: "https://user:\(canary)@else.example/", status: 302),
      .redirect(to: "https://else.example/?key=\(echoes[3])#\(canary)", status: 307),
      .dropAfterApply, .refuse, .truncate(after: 5), .blackhole(applied: false),
    ]

  private func subject() async throws -> Subject {
    try #require(try await Subjects.all().first { $0.name == "create alias" })
  }

  /// What a run under that fault leaves in text: journal, events, progress and ending.
  private func outputs(
    _ subject: Subject, _ fault: Fault, times: Int?, knownTo redactor: Redactor
  ) async throws -> String {
    let endpoint = InMemoryEndpoint(subject.server)
    let matcher = FaultMatcher(methods: ["POST"], path: "/collections/aliases", times: times)
    endpoint.setFaults(FaultScript([FaultRule(matcher, fault)]))
    let clock = TestClock()
    var options = QdrantClient.Options()
    options.readAttempts = 1
    let transport = SimulatedTransport(
      endpoint, credential: [HTTPHeader("api-key", CanaryFaultTests.canary)],
      time: clock.transportTime)
    let provider = QdrantClient(
      transport: transport, schema: QdrantResources.schema, redactor: redactor, options: options)
    let header = RunHeader(run: "r1", workspace: "w", plan: "p", steps: subject.steps.count)
    let claim = LockRecord(
      state: .held, run: "r1", plan: "p", holder: "h", nonce: "n",
      since: "2026-11-25T12:00:00Z")
    let cluster = ApplyMachine.ClusterWork(
      name: "c", identity: ClusterIdentity(version: ServerVersion(1, 18, 3)), claim: claim)
    var machine = ApplyMachine(
      ApplyMachine.Work(
        header: header, steps: subject.steps, clusters: [cluster],
        schema: QdrantResources.schema),
      settings: ApplyMachine.Settings())
    let text = ApplyText(subject.steps, isVerbose: true)
    let written = Mutex<[String]>([])
    let executor = Executor(
      providers: ["c": provider], header: header, clock: clock,
      record: { entry in
        // The journal and `--events` have the same objects.
        let bytes = JSONValue.object(JournalCoding.json(entry)).bytes()
        written.withLock {
          $0.append(String(decoding: bytes, as: UTF8.self))
          $0.append(text.line(entry) ?? "")
        }
      })
    let end = await executor.execute(&machine)
    #expect(transport.exchanges.contains { $0.fault != nil }, "\(fault) met nothing")
    return
      (written.withLock { $0 } + [
        text.ending(end, machine.history), text.causes(of: end), "\(end)",
      ]).joined(separator: "\n")
  }

  @Test(arguments: [1, nil])
  func `A key that a server echoes stands in nothing that a run writes`(times: Int?) async throws {
    let subject = try await subject()
    let redactor = Redactor([Secret(copying: CanaryFaultTests.canary.utf8)])
    for fault in CanaryFaultTests.answers {
      let text = try await outputs(subject, fault, times: times, knownTo: redactor)
      #expect(!text.contains("cAnArY"), "\(fault): \(text)")
      for echo in CanaryFaultTests.echoes { #expect(!text.contains(echo), "\(fault): \(text)") }
    }
  }

  @Test func `A redirect is told without the userinfo, query and fragment of its address`()
    async throws
  {
    let subject = try await subject()
    // This secret is somebody else's: no redactor knows it.
    for address in [
      "https://user:cAnArY@else.example/", "https://else.example/in?token=cAnArY",
      "https://else.example/in#cAnArY", "//cAnArY@else.example/x", "/login?ticket=cAnArY",
    ] {
      let text = try await outputs(
        subject, .redirect(to: address, status: 307), times: nil, knownTo: Redactor([]))
      #expect(text.contains("which is not followed"), "\(address)")
      #expect(!text.contains("cAnArY"), "\(address): \(text)")
    }
  }
}
