import JSON

extension Shapes {
  static let priority = Choice(variants: ["no_sync", "snapshot", "replica"])

  private static let url = Shape.parsed(expecting: "a string representing an URL") { text in
    guard ResourceAddress(text) != nil else {
      return .failure(WireFailure("relative URL without a base: " + RustText.debug(text)))
    }
    return .success(text)
  }

  private static func recovery(_ location: Shape) -> Shape {
    .structure(
      Structure(
        "SnapshotRecover",
        [
          .required("location", location), .optional("priority", .choice(priority)),
          .optional("checksum", .string, [checksum]), .optional("api_key", .string),
        ]))
  }

  static let recoverCollection = recovery(url)
  /// The location of a shard's snapshot may be a bare file name.
  static let recoverShard = recovery(.string)

  private static let checksum = Check.custom { value in
    value.string.flatMap { complaint(aboutChecksum: $0) }
  }

  /// What is wrong with a checksum, if anything.
  static func complaint(aboutChecksum text: String) -> String? {
    guard text.utf8.count == 64 else {
      return "Validation error: invalid_sha256_hash [{\"length\": Number(\(text.utf8.count)), "
        + "\"value\": String(\(RustText.debug(text))), \"expected_length\": Number(64)}]"
    }
    let isHex = text.utf8.allSatisfy { WireReader.hexDigit($0) != nil }
    return isHex ? nil : "invalid characters, expected 0-9, a-f, A-F"
  }
}

/// An address, cut at its scheme.
struct ResourceAddress {
  var scheme: String
  /// What comes between `//` and the next `/`.
  var host: String
  var path: String

  init?(_ text: String) {
    guard let colon = text.firstIndex(of: ":"), colon > text.startIndex else { return nil }
    scheme = text[..<colon].lowercased()
    guard scheme.utf8.first.map({ (0x61...0x7A).contains($0) }) == true,
      scheme.utf8.allSatisfy({
        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || "+-.".utf8.contains($0)
      })
    else { return nil }
    var rest = text[text.index(after: colon)...]
    host = ""
    if rest.hasPrefix("//") {
      rest = rest.dropFirst(2)
      let end = rest.firstIndex(of: "/") ?? rest.endIndex
      host = String(rest[..<end])
      rest = rest[end...]
    }
    path = String(rest)
  }
}
