/// One HTTP request to the endpoint that a transport was made for.
///
/// The credential is no part of it: the transport holds it and adds it, so that a request can be
/// shown, compared and recorded.
package struct HTTPRequest: Sendable, Equatable {
  /// Whether the request reads or changes something; told by endpoint, not by method.
  package enum Effect: Sendable, Equatable {
    /// May be sent again and may travel on a kept connection.
    case read
    /// Leaves exactly once, on a connection of its own.
    case mutation
  }

  /// `GET`, `PUT`, `PATCH`, `POST`, `DELETE`.
  package var method: String
  /// Path and query as they stand in the request line: percent-encoded, with a leading slash.
  package var target: String
  /// Further headers; `content-type` is added for a body.
  package var headers: [HTTPHeader]
  /// The body, JSON in UTF-8; nil for none.
  package var body: [UInt8]?
  package var effect: Effect
  /// How long the whole exchange may take; nil for the transport's own limit.
  package var timeout: Duration?

  package init(
    method: String, target: String, headers: [HTTPHeader] = [], body: [UInt8]? = nil,
    effect: Effect, timeout: Duration? = nil
  ) {
    self.method = method
    self.target = target
    self.headers = headers
    self.body = body
    self.effect = effect
    self.timeout = timeout
  }
}

/// One header line.
package struct HTTPHeader: Sendable, Equatable {
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// A complete answer.
package struct HTTPResponse: Sendable, Equatable {
  /// The status code, 100–599.
  package var status: Int
  package var headers: [HTTPHeader]
  package var body: [UInt8]

  package init(status: Int, headers: [HTTPHeader] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The first header of that name, letter case aside.
  package func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}
