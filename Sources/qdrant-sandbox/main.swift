import Foundation
import Sandbox

exit(
  SandboxCommand.run(
    Array(CommandLine.arguments.dropFirst()), environment: ProcessInfo.processInfo.environment))
