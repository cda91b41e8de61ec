import Foundation
import Glibc
import JSON
import Sandbox
import SimulatedQdrant
import SimulatedStore

/// A folder of its own for one test, removed at its end; in memory where that can be had, which
/// outlives a killed process as well as a disk does.
final class TemporaryFolder {
  let path: String

  init() {
    let memory = "/dev/shm/"
    let base = FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
    path = base + "sandbox-tests-\(UUID().uuidString)"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A sandbox in this process on a free port, with a store of its own.
final class LocalSandbox {
  let folder = TemporaryFolder()
  let store: SimulatedStore
  let server: SandboxServer

  init(
    _ rules: [FaultRule] = [], environment: [String: String] = [:], bodyLimit: Int = 32 << 20,
    idleSeconds: Int = 5, version: ServerLine = .v1_18_3
  ) throws {
    store = try SimulatedStore(
      folder: folder.path + "/s", settings: .init(version: version, environment: environment),
      faults: FaultScript(rules))
    server = try SandboxServer(store: store, bodyLimit: bodyLimit, idleSeconds: idleSeconds)
  }

  deinit {
    server.stop()
    try? store.close()
  }

  func connect() throws -> SocketClient {
    guard let client = SocketClient(port: server.port) else { throw NoConnection() }
    return client
  }

  /// Whether a collection is there, asked without the socket.
  func has(_ name: String) -> Bool {
    let request = SimulatedRequest(method: "GET", target: "/collections/\(name)")
    return store.handle(request, now: 1_700_000_000).status == 200
  }
}

struct NoConnection: Error {}

/// The real program, in a process of its own.
final class SandboxProcess {
  let process = Process()
  private let output = Pipe()
  private let errors = Pipe()

  /// The program beside the one that runs the tests.
  static var path: String {
    let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let candidates = [CommandLine.arguments[0], tests].map {
      URL(fileURLWithPath: $0).deletingLastPathComponent().path + "/qdrant-sandbox"
    }
    return candidates.first { FileManager.default.isExecutableFile(atPath: $0) } ?? candidates[0]
  }

  init(_ arguments: [String], environment: [String: String] = [:], shell: String? = nil) throws {
    if let shell {
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      process.arguments = ["-c", shell + "; exec \"$0\" \"$@\"", SandboxProcess.path] + arguments
    } else {
      process.executableURL = URL(fileURLWithPath: SandboxProcess.path)
      process.arguments = arguments
    }
    process.environment = environment
    process.standardOutput = output
    process.standardError = errors
    try process.run()
  }

  deinit { if process.isRunning { kill(SIGKILL) } }

  /// The line that says where it listens; empty when it ended instead.
  func firstLine() -> String {
    var bytes = Data()
    while !bytes.contains(0x0A) {
      let piece = output.fileHandleForReading.readData(ofLength: 1)
      if piece.isEmpty { break }
      bytes += piece
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The port from that line.
  func port() throws -> Int {
    let line = firstLine()
    guard let url = line.range(of: "http://127.0.0.1:"),
      let port = Int(line[url.upperBound...].prefix { $0.isNumber })
    else { throw NoPort(line: line, errors: errorText()) }
    return port
  }

  func kill(_ signal: Int32) { Glibc.kill(process.processIdentifier, signal) }

  /// Waits for the end and returns the exit status, or minus the signal.
  func wait() -> Int32 {
    process.waitUntilExit()
    return process.terminationReason == .exit
      ? process.terminationStatus : -process.terminationStatus
  }

  /// Everything on standard error, once the process has ended.
  func errorText() -> String {
    String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  }
}

struct NoPort: Error {
  var line: String
  var errors: String
}

/// The names of the collections that a server lists.
func listed(_ client: SocketClient) throws -> Set<String> {
  guard let answer = client.exchange("GET", "/collections"), answer.status == 200 else {
    throw NoConnection()
  }
  let list = try JSONParser.parse(answer.body)[path: ["result", "collections"]]?.array ?? []
  return Set(list.compactMap { $0["name"]?.string })
}
