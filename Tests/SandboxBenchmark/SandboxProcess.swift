import Foundation

/// A `qdrant-sandbox` on a folder of its own.
final class SandboxProcess {
  let port: UInt16
  /// From the start of the process until it listens.
  let startUp: Duration
  private let process: Process
  private let folder: URL

  init(_ binary: String) throws {
    folder = FileManager.default.temporaryDirectory
      .appending(path: "sandbox-benchmark-\(UUID().uuidString)")
    process = Process()
    process.executableURL = URL(fileURLWithPath: binary)
    process.arguments = ["--storage", folder.path, "--port", "0"]
    let output = Pipe()
    process.standardOutput = output
    let begun = ContinuousClock().now
    try process.run()
    var said = ""
    var port: UInt16?
    while port == nil {
      let data = output.fileHandleForReading.availableData
      guard !data.isEmpty else { throw Connection.Broken(what: "the sandbox did not start") }
      said += String(decoding: data, as: UTF8.self)
      port = said.firstMatch(of: /http:\/\/[0-9.]+:([0-9]+)/).flatMap { UInt16($0.1) }
    }
    startUp = ContinuousClock().now - begun
    self.port = port ?? 0
  }

  /// What the process holds in memory, in KiB.
  var memory: Int {
    let path = "/proc/\(process.processIdentifier)/status"
    let status = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
  }

  func stop() {
    process.terminate()
    process.waitUntilExit()
    try? FileManager.default.removeItem(at: folder)
  }
}
