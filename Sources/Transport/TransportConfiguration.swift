package import Secrets

/// Everything that a ``CurlTransport`` is told about its endpoint.
package struct TransportConfiguration: Sendable {
  package var endpoint: EndpointURL
  /// Sent as `api-key`, to the host that it is bound to only.
  package var apiKey: BoundSecret?
  /// Lets the key travel without TLS to another machine.
  package var allowPlainHTTP = false
  package var tls = TLSFiles()
  package var timeouts = Timeouts()
  /// The largest answer that is accepted, in bytes.
  package var bodyLimit = 64 << 20
  package var userAgent = "qdrant-reconciler"
  /// Further requests wait in the order in which they came. 1–1024.
  package var maxConcurrentRequests = 32
  package var proxy = Proxy.environment

  /// `HOST:PORT:ADDRESS` in place of a look-up, so that a test can make a name lead anywhere.
  var pinnedAddresses: [String] = []

  package init(endpoint: EndpointURL, apiKey: BoundSecret? = nil) {
    self.endpoint = endpoint
    self.apiKey = apiKey
  }

  /// Through what `https` travels; plain HTTP and loopback addresses never take a proxy.
  package enum Proxy: Sendable, Equatable {
    /// `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` of the process count.
    case environment
    case never
    /// A proxy by its address.
    case address(EndpointURL)
  }

  /// Files with certificates, PEM. Verification has no switch.
  package struct TLSFiles: Sendable, Equatable {
    /// Certificates to trust *instead of* the system's.
    package var caFile: String?
    /// The client's certificate, with its chain.
    package var certificateFile: String?
    /// The client's key; nil when it stands in the certificate file.
    package var keyFile: String?

    package init(
      caFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil
    ) {
      self.caFile = caFile
      self.certificateFile = certificateFile
      self.keyFile = keyFile
    }
  }

  /// How long things may take, counted from when a request is started, not from when it is queued.
  package struct Timeouts: Sendable, Equatable {
    /// Name look-up, connection and TLS handshake.
    package var connect: Duration = .seconds(10)
    /// A whole exchange that does not say otherwise.
    package var total: Duration = .seconds(30)
    /// An answer that has begun must not be slower than `slowestRate` bytes a second for that long.
    /// Waiting for an answer to begin is bounded by `total` alone: index builds take their time.
    package var slow: Duration = .seconds(15)
    package var slowestRate = 100

    package init() {}
  }
}

/// Why no transport can be made: facts found before any connection.
package enum TransportConfigurationError: Error, Sendable, Equatable {
  /// The key belongs to another host than the one that would get it.
  case keyBoundToOtherHost(bound: String, endpoint: String)
  /// The key would travel in clear text.
  case keyInClearText(host: String)
  /// The key has bytes that cannot stand in a header (anything but visible ASCII).
  case keyNotSendable
  /// A certificate was given for an address without TLS.
  case certificatesWithoutTLS
  case keyFileWithoutCertificate
  case file(TLSFileProblem)
  /// A limit outside its bounds, by its name.
  case limitOutOfBounds(String)
  /// libcurl or a thread could not be started.
  case notStarted(String)
}

extension TransportConfigurationError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .keyBoundToOtherHost(let bound, let endpoint):
      "the key is bound to \(bound) and is not sent to \(endpoint)"
    case .keyInClearText(let host):
      "the key would travel to \(host) in clear text: use https, or set allow_plain_http"
    case .keyNotSendable: "the key has characters that cannot stand in a header"
    case .certificatesWithoutTLS: "certificates make no sense without https"
    case .keyFileWithoutCertificate: "a client key needs a client certificate"
    case .file(let problem): problem.description
    case .limitOutOfBounds(let name): "\(name) is out of bounds"
    case .notStarted(let reason): "the transport cannot be started: \(reason)"
    }
  }
}
