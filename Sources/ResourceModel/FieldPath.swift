package import JSON

/// Where a field stands in a manifest: `hnsw_config.m`, `vectors.dense.size`.
///
/// Names given by people (vectors, metadata keys) are segments like any other, byte for byte; the
/// unnamed vector's segment is the empty string and is left out of the text.
package struct FieldPath: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The keys from the outside in.
  package var segments: [ExactString]

  package init(_ segments: [ExactString]) { self.segments = segments }

  /// A path whose segments hold no dots: for rows and tests.
  package init(_ dotted: String) {
    segments = dotted.split(separator: ".").map { ExactString(String($0)) }
  }

  /// This path with one more segment.
  package func appending(_ segment: String) -> FieldPath {
    FieldPath(segments + [ExactString(segment)])
  }

  /// Whether this path is the other or lies below it.
  package func isWithin(_ other: FieldPath) -> Bool {
    segments.count >= other.segments.count
      && segments.prefix(other.segments.count).elementsEqual(other.segments)
  }

  package static func < (left: FieldPath, right: FieldPath) -> Bool {
    left.segments.lexicographicallyPrecedes(right.segments)
  }

  /// Dotted; a segment that holds more than word characters and `-` stands in quotes.
  package var description: String {
    segments.filter { !$0.string.isEmpty }.map { FieldPath.quoted($0.string) }
      .joined(separator: ".")
  }

  private static func quoted(_ segment: String) -> String {
    let isWord = segment.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    // Nearly all segments are plain ASCII; asking Unicode about each letter is slow.
    if isWord { return segment }
    let plain = segment.unicodeScalars.allSatisfy {
      $0 == "_" || $0 == "-" || $0.properties.isAlphabetic || ("0"..."9").contains($0)
    }
    return plain ? segment : JSONValue.string(segment).text()
  }
}

extension JSONObject {
  /// The value at a path, when every segment on the way is there.
  package func value(at path: FieldPath) -> JSONValue? {
    var current: JSONValue?
    for (index, segment) in path.segments.enumerated() {
      current = index == 0 ? self[segment.string] : current?[segment.string]
      if current == nil { return nil }
    }
    return current
  }

  /// Sets the value at a path, making the objects on the way.
  package mutating func set(_ value: JSONValue, at path: FieldPath) {
    set(value, at: path.segments.map(\.string))
  }
}
