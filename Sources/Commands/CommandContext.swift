package import ClusterProviders
import Diagnostics
package import Execution
package import ResourceModel

/// Everything that a command takes from the process around it, as values: tests give their own.
package struct CommandContext: Sendable {
  /// Without the program's name.
  package var arguments: [String]
  package var environment: [String: String]
  /// The command and its subcommand, as messages begin.
  var name = "qdrant"
  /// The program alone, as a plan is headed.
  var tool = "qdrant"
  package var console: Console
  /// The whole of standard input, read when a path says `-`.
  package var readInput: @Sendable () -> [UInt8]
  /// The time as ISO 8601, UTC, whole seconds.
  package var timestamp: @Sendable () -> String
  /// A name for a run that no other run has.
  package var newRun: @Sendable () -> String
  /// Whether somebody asked to stop.
  package var isInterrupted: @Sendable () -> Bool
  package var connect: Connect
  /// The disk that journals lie on.
  package var files: any FileSystem = SystemFiles()
  /// This process, for whoever meets its locks: machine and process.
  package var holder = "this process"
  /// Text that nobody else has.
  package var newNonce: @Sendable () -> String = {
    String(UInt64.random(in: .min ... .max), radix: 16)
  }

  /// Makes a connection to a cluster.
  package typealias Connect =
    @Sendable (ClusterDeclaration, ClusterConnector.Access) async -> Result<
      ClusterConnection, ConnectionProblem
    >

  /// Where a command speaks.
  package struct Console: Sendable {
    package var output: @Sendable (String) -> Void
    package var error: @Sendable (String) -> Void
    package var outputIsTerminal: Bool
    package var inputIsTerminal: Bool
    /// Why a part of the output did not arrive; nil when all did, or when nobody reads any more.
    package var lost: @Sendable () -> String? = { nil }
    /// A message on one line of standard error, harmless whoever wrote its parts.
    func complain(_ message: String) { error(Sanitizer.line(message) + "\n") }
    /// A line that a person types; nil at the end of input.
    package var readLine: @Sendable () -> String?

    package init(
      output: @escaping @Sendable (String) -> Void, error: @escaping @Sendable (String) -> Void,
      outputIsTerminal: Bool = false, inputIsTerminal: Bool = false,
      readLine: @escaping @Sendable () -> String? = { nil }
    ) {
      self.output = output
      self.error = error
      self.outputIsTerminal = outputIsTerminal
      self.inputIsTerminal = inputIsTerminal
      self.readLine = readLine
    }
  }

  /// A message that begins with the command's name.
  func complain(_ message: String) { console.complain("\(name): \(message)") }

  package init(
    arguments: [String], environment: [String: String], console: Console,
    readInput: @escaping @Sendable () -> [UInt8], timestamp: @escaping @Sendable () -> String,
    newRun: @escaping @Sendable () -> String, isInterrupted: @escaping @Sendable () -> Bool,
    connect: @escaping Connect
  ) {
    self.arguments = arguments
    self.environment = environment
    self.console = console
    self.readInput = readInput
    self.timestamp = timestamp
    self.newRun = newRun
    self.isInterrupted = isInterrupted
    self.connect = connect
  }
}
