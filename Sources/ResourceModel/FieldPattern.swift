package import JSON

/// The path of a row: like a field's path, with `*` where a person's name stands.
package struct FieldPattern: Sendable, Hashable, CustomStringConvertible,
  ExpressibleByStringLiteral
{
  /// One step of a pattern.
  package enum Segment: Sendable, Hashable {
    case key(String)
    /// Any name: a vector's, a metadata key.
    case name
  }

  package var segments: [Segment]
  /// The path itself when the pattern holds no name: shared by all fields of the row.
  package let fixedPath: FieldPath?

  /// A dotted pattern: `vectors.*.size`; the empty text is the resource itself.
  package init(_ dotted: String) {
    segments = dotted.split(separator: ".").map { $0 == "*" ? .name : .key(String($0)) }
    fixedPath = segments.contains(.name) ? nil : FieldPath(dotted)
  }

  package init(stringLiteral value: String) { self.init(value) }

  package var description: String {
    segments.map { segment in
      switch segment {
      case .key(let key): key
      case .name: "*"
      }
    }.joined(separator: ".")
  }

  /// The names that a path puts in place of `*`, or nil when it does not match.
  package func names(in path: FieldPath) -> [ExactString]? {
    guard path.segments.count == segments.count else { return nil }
    var names: [ExactString] = []
    for (segment, actual) in zip(segments, path.segments) {
      switch segment {
      case .key(let key): if key != actual.string { return nil }
      case .name: names.append(actual)
      }
    }
    return names
  }

  /// The path with those names in place of `*`.
  package func path(names: [ExactString]) -> FieldPath {
    if let fixedPath { return fixedPath }
    var rest = names[...]
    return FieldPath(
      segments.map { segment in
        switch segment {
        case .key(let key): ExactString(key)
        case .name: rest.popFirst() ?? ExactString("")
        }
      })
  }

  /// Whether this pattern is the other or lies below it.
  package func isWithin(_ other: FieldPattern) -> Bool {
    segments.count >= other.segments.count
      && segments.prefix(other.segments.count).elementsEqual(other.segments)
  }

  /// The row's group mounted under a prefix: `hnsw_config.m` at `vectors.*`.
  package func mounted(at prefix: String) -> FieldPattern {
    prefix.isEmpty ? self : FieldPattern(prefix + "." + description)
  }
}
