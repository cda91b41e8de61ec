import ClusterProviders
import Dispatch
import Foundation
import QdrantSchema
import ResourceModel
import Synchronization

/// The process that a command runs in, turned into a context.
enum ProcessContext {
  private static let interrupted = Mutex(false)
  private static let lost = Mutex(String?.none)

  /// The context of this process; from now on SIGINT and SIGTERM ask to stop instead of killing.
  static func make() -> CommandContext {
    let environment = ProcessInfo.processInfo.environment
    let connector = ClusterConnector(
      schema: QdrantResources.schema, environment: environment)
    var context = CommandContext(
      arguments: Array(CommandLine.arguments.dropFirst()), environment: environment,
      console: console(),
      readInput: { Array(FileHandle.standardInput.readDataToEndOfFile()) },
      timestamp: { timestamp() }, newRun: { newRun() },
      isInterrupted: { interrupted.withLock { $0 } },
      connect: { cluster, access in
        do throws(ConnectionProblem) {
          return .success(try await connector.connect(cluster, access: access))
        } catch {
          return .failure(error)
        }
      })
    context.holder =
      "\(ProcessInfo.processInfo.hostName), process \(ProcessInfo.processInfo.processIdentifier)"
    return context
  }

  private static func console() -> CommandContext.Console {
    var console = CommandContext.Console(
      output: { text in
        guard let reason = write(text, to: STDOUT_FILENO) else { return }
        lost.withLock { $0 = $0 ?? reason }
      },
      error: { text in _ = write(text, to: STDERR_FILENO) },
      outputIsTerminal: isatty(STDOUT_FILENO) == 1, inputIsTerminal: isatty(STDIN_FILENO) == 1,
      readLine: { readLine() })
    console.lost = { lost.withLock { $0 } }
    return console
  }

  /// Writes all of it, or tells why not; a closed pipe ends the writing, and is no failure.
  static func write(_ text: String, to descriptor: Int32) -> String? {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        return count < 0 && errno == EPIPE ? nil : String(cString: strerror(errno))
      }
      rest = rest.dropFirst(count)
    }
    return nil
  }

  private static func timestamp() -> String {
    Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded(.down))
      .formatted(.iso8601)
  }

  private static func newRun() -> String {
    let digits = timestamp().compactMap { $0 == "T" ? "-" : $0.isNumber ? $0 : nil }
    let random = UInt32.random(in: 0..<(1 << 24))
    let suffix = String(random, radix: 16)
    return String(digits) + "-" + String(repeating: "0", count: 6 - suffix.count) + suffix
  }

  /// The sources that watch for signals; they live as long as the process.
  static func watchSignals() -> [any DispatchSourceSignal] {
    signal(SIGPIPE, SIG_IGN)
    return [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(
        signal: number, queue: DispatchQueue(label: "signals"))
      source.setEventHandler { interruptedOnce(number) }
      source.resume()
      return source
    }
  }

  /// The first signal asks; the second ends at once.
  private static func interruptedOnce(_ number: Int32) {
    let isSecond = interrupted.withLock { flag in
      let was = flag
      flag = true
      return was
    }
    if isSecond { exit(ExitStatus.interrupted.rawValue) }
  }
}
