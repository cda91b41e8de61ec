/// A server's version: `1.18.3`.
package struct ServerVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
  package var major: Int
  package var minor: Int
  package var patch: Int

  package init(_ major: Int, _ minor: Int, _ patch: Int = 0) {
    self.major = major
    self.minor = minor
    self.patch = patch
  }

  /// `1.18.3`, `v1.18.3` or `1.18.3-dev` (the suffix is dropped); nil for anything else.
  package init?(_ text: String) {
    let digits = text.hasPrefix("v") ? text.dropFirst() : text[...]
    let core = digits.prefix { $0 != "-" && $0 != "+" }
    let parts = core.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard (2...3).contains(parts.count), let major = parts[0], let minor = parts[1] else {
      return nil
    }
    let patch = parts.count == 3 ? parts[2] : 0
    guard let patch, major >= 0, minor >= 0, patch >= 0 else { return nil }
    self.init(major, minor, patch)
  }

  package static func < (left: ServerVersion, right: ServerVersion) -> Bool {
    (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
  }

  package var description: String { "\(major).\(minor).\(patch)" }

  /// `1.19` when the patch level is 0, as people name the line that brought a field.
  package var short: String { patch == 0 ? "\(major).\(minor)" : description }
}
