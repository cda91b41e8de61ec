/// A request as it arrives on the wire.
package struct SimulatedRequest: Sendable, Equatable {
  /// The method as sent, `GET` or otherwise.
  package var method: String
  /// The raw request target: percent-encoded path with its query.
  package var target: String
  /// Header names in lower case.
  package var headers: [(name: String, value: String)]
  package var body: [UInt8]

  package init(
    method: String, target: String, headers: [(name: String, value: String)] = [],
    body: [UInt8] = []
  ) {
    self.method = method
    self.target = target
    self.headers = headers
    self.body = body
  }

  package static func == (left: SimulatedRequest, right: SimulatedRequest) -> Bool {
    left.method == right.method && left.target == right.target && left.body == right.body
      && left.headers.elementsEqual(right.headers, by: ==)
  }
}

/// The answer to a request.
package struct SimulatedResponse: Sendable, Equatable {
  /// 0: the connection is closed without an answer, as where a real server's worker panics.
  package var status: Int
  /// Nil sends no content type (as authentication errors and empty 404s do).
  package var contentType: String?
  package var headers: [(name: String, value: String)]
  package var body: [UInt8]

  package init(
    status: Int, contentType: String? = nil, headers: [(name: String, value: String)] = [],
    body: [UInt8] = []
  ) {
    self.status = status
    self.contentType = contentType
    self.headers = headers
    self.body = body
  }

  package static func == (left: SimulatedResponse, right: SimulatedResponse) -> Bool {
    left.status == right.status && left.contentType == right.contentType
      && left.body == right.body && left.headers.elementsEqual(right.headers, by: ==)
  }
}
