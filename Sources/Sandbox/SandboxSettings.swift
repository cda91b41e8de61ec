package import OptionParsing
package import SimulatedQdrant

/// What a sandbox is to serve, from options and the variables of a real server.
package struct SandboxSettings: Sendable, Equatable {
  package var storage: String
  package var host: String
  package var port: Int
  package var server: SimulatedSettings
  package var bodyLimit: Int
  package var faultFile: String?
  /// The files of the certificate and its key; nil for plain HTTP.
  package var tls: (certificate: String, key: String)? {
    guard usesTLS else { return nil }
    return (
      server.environment["QDRANT__TLS__CERT"] ?? "./tls/cert.pem",
      server.environment["QDRANT__TLS__KEY"] ?? "./tls/key.pem"
    )
  }
  private var usesTLS = false

  /// Options come before variables, variables before what holds otherwise.
  package init(
    _ command: ParsedCommand, environment: [String: String]
  ) throws(SandboxError) {
    func choose(_ option: String, _ variable: String) -> String {
      (command.has(option) ? nil : environment[variable].flatMap { $0.isEmpty ? nil : $0 })
        ?? command.text(option) ?? ""
    }
    storage = choose("--storage", "QDRANT__STORAGE__STORAGE_PATH")
    host = choose("--host", "QDRANT__SERVICE__HOST")
    port = try SandboxSettings.number(
      choose("--port", "QDRANT__SERVICE__HTTP_PORT"), "QDRANT__SERVICE__HTTP_PORT", 0...65535)
    let megabytes = "QDRANT__SERVICE__MAX_REQUEST_SIZE_MB"
    bodyLimit =
      try SandboxSettings.number(environment[megabytes] ?? "32", megabytes, 1...4096) << 20
    faultFile = command.text("--faults")
    guard let address = SocketAddress(host: host, port: port) else { throw .badHost(host) }
    guard address.isLoopback || command.has("--allow-remote") else { throw .remoteHost(host) }
    func isTrue(_ variable: String) -> Bool {
      ["true", "1", "yes", "on"].contains(environment[variable]?.lowercased() ?? "")
    }
    usesTLS = isTrue("QDRANT__SERVICE__ENABLE_TLS")
    if usesTLS, isTrue("QDRANT__SERVICE__VERIFY_HTTPS_CLIENT_CERTIFICATE") {
      throw .clientCertificatesAsked
    }
    server = SimulatedSettings(
      version: try SandboxSettings.version(command.text("--server-version") ?? ""),
      environment: environment.filter { $0.key.hasPrefix("QDRANT__") })
    if let variable = command.text("--api-key-env") {
      guard let key = environment[variable], !key.isEmpty else {
        throw .missingKey(variable: variable)
      }
      server.environment["QDRANT__SERVICE__API_KEY"] = key
    }
  }

  /// Whether clients need no key.
  var isOpen: Bool {
    !["QDRANT__SERVICE__API_KEY", "QDRANT__SERVICE__READ_ONLY_API_KEY"].contains {
      server.environment[$0]?.isEmpty == false
    }
  }

  /// `1.18.3`, `v1.18.3` or `1.18`.
  private static func version(_ text: String) throws(SandboxError) -> ServerLine {
    let plain = text.hasPrefix("v") ? String(text.dropFirst()) : text
    let line = ServerLine.allCases.last {
      $0.rawValue == plain || $0.rawValue.hasPrefix(plain + ".")
    }
    guard let line else { throw .unknownVersion(text) }
    return line
  }

  private static func number(
    _ text: String, _ name: String, _ range: ClosedRange<Int>
  ) throws(SandboxError) -> Int {
    guard let value = Int(text), range.contains(value) else {
      throw .badSetting(
        name: name, value: text,
        needs: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }
}
