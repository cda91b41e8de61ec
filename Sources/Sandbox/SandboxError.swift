import Glibc
import SimulatedQdrant
package import SimulatedStore

/// Why a sandbox cannot serve.
package enum SandboxError: Error, Sendable, Equatable {
  case badHost(String)
  /// The address can be reached from outside, and nobody asked for that.
  case remoteHost(String)
  case cannotListen(host: String, port: Int, code: Int32)
  case cannotServe
  case unknownVersion(String)
  case badSetting(name: String, value: String, needs: String)
  case missingKey(variable: String)
  /// A sandbox does not look at certificates of clients.
  case clientCertificatesAsked
  case tlsFile(String, message: String)
  /// The library does not take the certificate with the key.
  case badIdentity
  case faults(file: String, message: String)
  case store(StoreError)

  /// 64 for what the line or the environment asks for, 1 for what the machine refuses.
  package var exitStatus: Int32 {
    switch self {
    case .cannotListen, .cannotServe: 1
    case .store: 1
    default: 64
    }
  }

  /// One sentence for a person, without a full stop.
  package var message: String {
    switch self {
    case .badHost(let host): "'\(host)' is no IPv4 or IPv6 address"
    case .remoteHost(let host):
      "'\(host)' can be reached from other machines: that needs --allow-remote"
    case .cannotListen(let host, let port, let code):
      "cannot listen on \(host) port \(port): \(systemMessage(code))"
    case .cannotServe: "the HTTP server does not start"
    case .unknownVersion(let text):
      "no server '\(text)' is simulated, only " + SandboxError.versions
    case .badSetting(let name, let value, let needs):
      "\(name) is '\(value)' but must be \(needs)"
    case .missingKey(let variable):
      "--api-key-env names \(variable), which is not set in the environment"
    case .clientCertificatesAsked:
      "QDRANT__SERVICE__VERIFY_HTTPS_CLIENT_CERTIFICATE is set, but a sandbox does not look at "
        + "certificates of clients"
    case .tlsFile(let path, let message): "the TLS file '\(path)' cannot be used: \(message)"
    case .badIdentity:
      "TLS does not start: QDRANT__TLS__CERT and QDRANT__TLS__KEY must name a certificate and its "
        + "key, both PEM"
    case .faults(let file, let message): "the fault script '\(file)' cannot be used: \(message)"
    case .store(let error): error.message
    }
  }

  private static var versions: String {
    ServerLine.allCases.map(\.rawValue).joined(separator: ", ")
  }
}
