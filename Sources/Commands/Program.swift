import Foundation

/// The rim of every command: process in, exit status out.
package enum Program {
  /// Runs a command in this process and ends it.
  package static func main(_ command: (CommandContext) async -> ExitStatus) async -> Never {
    let signals = ProcessContext.watchSignals()
    let status = await command(ProcessContext.make())
    withExtendedLifetime(signals) {}
    exit(status.rawValue)
  }
}
