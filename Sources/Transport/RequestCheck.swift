/// What a request must be before it is handed to libcurl, which writes down what it is given.
enum RequestCheck {
  private static let methods: Set<String> = ["GET", "PUT", "PATCH", "POST", "DELETE"]

  /// Headers that frame a message, name its receiver or carry credentials: the transport's own.
  private static let reserved: Set<String> = [
    "api-key", "authorization", "proxy-authorization", "cookie", "host", "connection", "expect",
    "content-length", "transfer-encoding", "te", "trailer", "upgrade", "keep-alive", "user-agent",
    "proxy-connection", "accept-encoding",
  ]

  /// Why the request is not sent; nil when it may be.
  static func objection(to request: HTTPRequest) -> String? {
    guard methods.contains(request.method) else { return "the method is not one of ours" }
    guard request.target.utf8.first == UInt8(ascii: "/") else {
      return "the request target does not begin with a slash"
    }
    for byte in request.target.utf8 where byte <= 0x20 || byte >= 0x7F || byte == 0x23 {
      return "the request target has a character that must be percent-encoded"
    }
    for header in request.headers {
      guard !header.name.isEmpty, header.name.utf8.allSatisfy(isTokenByte) else {
        return "the name of a header has a character that is not allowed"
      }
      guard !reserved.contains(header.name.lowercased()) else {
        return "the header \(header.name.lowercased()) is the transport's own"
      }
      for byte in header.value.utf8 where byte < 0x20 && byte != 0x09 || byte == 0x7F {
        return "the value of the header \(header.name) has a control character"
      }
    }
    return nil
  }

  private static func isTokenByte(_ byte: UInt8) -> Bool {
    EndpointURLParser.isLetter(byte) || EndpointURLParser.isDigit(byte)
      || "!#$%&'*+-.^_`|~".utf8.contains(byte)
  }
}
