import Foundation
import Glibc
import Synchronization
import Testing

/// Names that were acknowledged, and those that were sent, from several threads.
private final class Ledger: Sendable {
  let sent = Mutex<Set<String>>([])
  let acknowledged = Mutex<Set<String>>([])
  let finished = DispatchSemaphore(value: 0)

  /// Creates collections one after the other until the server is gone.
  func load(port: Int, prefix: String, most: Int = .max) {
    let ledger = self
    Thread.detachNewThread {
      if let client = SocketClient(port: port) {
        var index = 0
        while index < most {
          let name = "\(prefix)-\(index)"
          ledger.sent.withLock { _ = $0.insert(name) }
          guard let answer = client.exchange("PUT", "/collections/\(name)", body: collection)
          else { break }
          if answer.status == 200 { ledger.acknowledged.withLock { _ = $0.insert(name) } }
          index += 1
        }
      }
      ledger.finished.signal()
    }
  }
}

@Suite(.serialized) struct ProcessTests {
  let folder = TemporaryFolder()

  private func start(
    _ arguments: [String] = [], environment: [String: String] = [:], shell: String? = nil
  ) throws -> SandboxProcess {
    try SandboxProcess(
      ["--storage", folder.path + "/s", "--port", "0"] + arguments, environment: environment,
      shell: shell)
  }

  @Test func `Whatever was acknowledged is there after a kill at any moment`() throws {
    let ledger = Ledger()
    var process = try start()
    var port = try process.port()
    var total = 0
    for round in 0..<20 {
      for worker in 0..<2 { ledger.load(port: port, prefix: "r\(round)w\(worker)") }
      usleep(UInt32(3_000 + 4_700 * round % 61_000))
      process.kill(SIGKILL)
      #expect(process.wait() == -SIGKILL)
      for _ in 0..<2 { ledger.finished.wait() }
      process = try start()
      port = try process.port()
      let client = try #require(SocketClient(port: port))
      let present = try listed(client)
      let acknowledged = ledger.acknowledged.withLock { $0 }
      #expect(acknowledged.subtracting(present) == [], "lost after round \(round)")
      #expect(present.isSubset(of: ledger.sent.withLock { $0 }), "unasked after round \(round)")
      #expect(present.count <= acknowledged.count + 2 * (round + 1))
      total = acknowledged.count
    }
    #expect(total >= 100, "the load was \(total) requests")
    process.kill(SIGTERM)
    #expect(process.wait() == 0)
  }

  @Test(arguments: [SIGTERM, SIGINT])
  func `A signal ends it cleanly under load, with nothing lost`(signal: Int32) throws {
    let ledger = Ledger()
    let process = try start()
    let port = try process.port()
    for worker in 0..<2 { ledger.load(port: port, prefix: "w\(worker)") }
    usleep(150_000)
    process.kill(signal)
    #expect(process.wait() == 0)
    #expect(process.errorText() == "")
    for _ in 0..<2 { ledger.finished.wait() }
    let again = try start()
    let client = try #require(SocketClient(port: try again.port()))
    let acknowledged = ledger.acknowledged.withLock { $0 }
    #expect(!acknowledged.isEmpty)
    #expect(acknowledged.subtracting(try listed(client)) == [])
  }

  @Test func `A disk that is full is an error for the writer and nothing else`() throws {
    let ledger = Ledger()
    let process = try start(shell: "ulimit -f 16; trap '' XFSZ")
    let port = try process.port()
    ledger.load(port: port, prefix: "w", most: 200)
    ledger.finished.wait()
    let acknowledged = ledger.acknowledged.withLock { $0 }
    #expect(!acknowledged.isEmpty)
    #expect(acknowledged.count < 200)
    let client = try #require(SocketClient(port: port))
    let answer = try #require(client.exchange("PUT", "/collections/x", body: collection))
    #expect(answer.status == 500)
    #expect(answer.body.contains("File too large"), "\(answer.body)")
    #expect(try listed(client) == acknowledged)
    process.kill(SIGKILL)
    _ = process.wait()
    let again = try start()
    #expect(try listed(try #require(SocketClient(port: try again.port()))) == acknowledged)
  }

  @Test func `It says where it listens and that it is a simulation`() throws {
    let process = try start()
    let line = process.firstLine()
    let url = /http:\/\/127\.0\.0\.1:\d+/
    let address = try #require(line.firstMatch(of: url)).output
    #expect(
      line == "qdrant-sandbox 1.18.3 (a simulation) listens on \(address), "
        + "storage \(folder.path)/s\n")
  }

  @Test func `Variables of the real server are read, and options come before them`() throws {
    let free = try start()
    let taken = try free.port()
    free.kill(SIGTERM)
    #expect(free.wait() == 0)
    let environment = [
      "QDRANT__SERVICE__HOST": "127.0.0.1", "QDRANT__SERVICE__HTTP_PORT": String(taken),
      "QDRANT__STORAGE__STORAGE_PATH": folder.path + "/other",
    ]
    let process = try SandboxProcess([], environment: environment)
    #expect(try process.port() == taken)
    #expect(FileManager.default.fileExists(atPath: folder.path + "/other/checkpoint.json"))
    let second = try SandboxProcess(
      ["--port", "0", "--storage", folder.path + "/third"], environment: environment)
    #expect(try second.port() != taken)
  }

  @Test func `A taken port and a locked folder are said, with status 1`() throws {
    let first = try start()
    let port = try first.port()
    let locked = try start()
    #expect(locked.wait() == 1)
    #expect(locked.errorText().contains("another process uses the storage"))
    let taken = try SandboxProcess(
      ["--storage", folder.path + "/t", "--port", String(port)], environment: [:])
    #expect(taken.wait() == 1)
    #expect(taken.errorText().contains("cannot listen on 127.0.0.1 port \(port)"))
  }

  static let refused: [(arguments: [String], environment: [String: String], part: String)] = [
    (["--host", "0.0.0.0"], [:], "--allow-remote"), ([], ["QDRANT__SERVICE__HOST": "::"], "remote"),
    (["--host", "example.com"], [:], "no IPv4 or IPv6 address"),
    (["--server-version", "0.11"], [:], "no server '0.11' is simulated"),
    (["--api-key-env", "NO_SUCH_KEY"], [:], "NO_SUCH_KEY, which is not set"),
    (["--api-key", "hunter2"], [:], "--api-key-env"), (["--port", "65536"], [:], "65535"),
    (["stray"], [:], "unexpected argument"), (["--faults", "/nowhere"], [:], "no such file"),
    (["--faults", "/dev/null"], [:], "no JSON"),
    ([], ["QDRANT__SERVICE__HTTP_PORT": "http"], "QDRANT__SERVICE__HTTP_PORT"),
    ([], ["QDRANT__SERVICE__ENABLE_TLS": "true"], "'./tls/cert.pem' cannot be used"),
    (
      [],
      [
        "QDRANT__SERVICE__ENABLE_TLS": "1",
        "QDRANT__SERVICE__VERIFY_HTTPS_CLIENT_CERTIFICATE": "true",
      ], "does not look at certificates of clients"
    ),
  ]

  @Test(arguments: refused)
  func `What it cannot do is refused with status 64`(
    arguments: [String], environment: [String: String], part: String
  ) throws {
    let process = try SandboxProcess(
      ["--storage", folder.path + "/s"] + arguments, environment: environment)
    #expect(process.wait() == 64)
    let text = process.errorText()
    #expect(text.contains(part), "\(text)")
    #expect(!text.contains("hunter2"))
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/s"))
  }

  @Test func `A script of faults from a file meets the requests`() throws {
    let file = folder.path + "/faults.json"
    let script = """
      {"faults": [{"fault": "drop_after_apply", "method": "PUT", "path": "/collections/*"}]}
      """
    try Data(script.utf8).write(to: URL(fileURLWithPath: file))
    let process = try start(["--faults", file])
    let port = try process.port()
    let client = try #require(SocketClient(port: port))
    #expect(client.exchange("PUT", "/collections/a", body: collection) == nil)
    #expect(try listed(try #require(SocketClient(port: port))) == ["a"])
  }
}
