import Glibc
import OptionParsing
import SimulatedQdrant
import SimulatedStore

/// `qdrant-sandbox` from its arguments to its exit status.
package enum SandboxCommand {
  /// Serves until SIGTERM or SIGINT, or says why not.
  package static func run(_ arguments: [String], environment: [String: String]) -> Int32 {
    do throws(UsageError) {
      switch try CommandTable.sandbox.parse(arguments) {
      case .print(let text):
        write(text, to: STDOUT_FILENO)
        return 0
      case .run(let command): return serve(command, environment)
      }
    } catch {
      write(error.text, to: STDERR_FILENO)
      return 64
    }
  }

  private static func serve(_ command: ParsedCommand, _ environment: [String: String]) -> Int32 {
    do throws(SandboxError) {
      let settings = try SandboxSettings(command, environment: environment)
      // Before the first thread, which inherits it: only `sigwait` is to see these.
      var signals = sigset_t()
      sigemptyset(&signals)
      sigaddset(&signals, SIGTERM)
      sigaddset(&signals, SIGINT)
      pthread_sigmask(SIG_BLOCK, &signals, nil)
      signal(SIGPIPE, SIG_IGN)
      try serve(settings, until: &signals)
      return 0
    } catch {
      write("qdrant-sandbox: \(error.message)\n", to: STDERR_FILENO)
      return error.exitStatus
    }
  }

  private static func serve(
    _ settings: SandboxSettings, until signals: inout sigset_t
  ) throws(SandboxError) {
    let faults = try settings.faultFile.map(readFaults) ?? FaultScript()
    var identity: TLSIdentity?
    if let (certificate, key) = settings.tls {
      identity = try TLSIdentity(certificateFile: certificate, keyFile: key)
    }
    let store: SimulatedStore
    do throws(StoreError) {
      store = try SimulatedStore(
        folder: settings.storage, settings: settings.server, faults: faults)
    } catch { throw .store(error) }
    let server = try SandboxServer(
      store: store, host: settings.host, port: settings.port, bodyLimit: settings.bodyLimit,
      identity: identity)
    let scheme = identity == nil ? "http" : "https"
    let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
    write(
      "qdrant-sandbox \(settings.server.version.rawValue) (a simulation) listens on "
        + "\(scheme)://\(host):\(server.port), storage \(settings.storage)\n", to: STDOUT_FILENO)
    if settings.isOpen, SocketAddress(host: settings.host, port: 0)?.isLoopback == false {
      write(
        "qdrant-sandbox: other machines can reach it and need no key\n", to: STDERR_FILENO)
    }
    var received: Int32 = 0
    sigwait(&signals, &received)
    server.stop()
    do throws(StoreError) { try store.close() } catch { throw .store(error) }
  }

  private static func readFaults(_ path: String) throws(SandboxError) -> FaultScript {
    let read: [UInt8]?
    do throws(StoreError) { read = try Files.read(path) } catch {
      throw .faults(file: path, message: error.message)
    }
    guard let bytes = read else { throw .faults(file: path, message: "there is no such file") }
    do throws(FaultScriptError) { return try FaultScript(json: bytes) } catch {
      let place = error.place.isEmpty ? "" : error.place + ": "
      throw .faults(file: path, message: place + error.message)
    }
  }

  private static func write(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 { rest.removeFirst(count) } else if errno != EINTR { return }
    }
  }
}
