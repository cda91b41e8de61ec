/// A string whose equality, order and hash are those of its UTF-8 bytes.
///
/// Swift's `String` compares by canonical equivalence, so that the two writings of `é` are one key;
/// to a server they are two names. Names of things on a server are compared and looked up as this.
package struct ExactString: Sendable, Hashable, Comparable, ExpressibleByStringLiteral,
  CustomStringConvertible
{
  /// The text.
  package var string: String

  package init(_ string: String) { self.string = string }
  package init(stringLiteral value: String) { string = value }
  package var description: String { string }

  package static func == (left: ExactString, right: ExactString) -> Bool {
    left.string.hasSameBytes(as: right.string)
  }

  package static func < (left: ExactString, right: ExactString) -> Bool {
    left.string.precedes(right.string)
  }

  package func hash(into hasher: inout Hasher) {
    let done: Void? = string.utf8.withContiguousStorageIfAvailable {
      hasher.combine(bytes: UnsafeRawBufferPointer($0))
    }
    if done == nil { Array(string.utf8).withUnsafeBytes { hasher.combine(bytes: $0) } }
    hasher.combine(0xFF as UInt8)
  }
}

extension String {
  /// Whether the two have the same UTF-8 bytes.
  package func hasSameBytes(as other: String) -> Bool {
    let left = utf8
    let right = other.utf8
    guard left.count == right.count else { return false }
    let isSame = left.withContiguousStorageIfAvailable { left in
      right.withContiguousStorageIfAvailable { right in left.elementsEqual(right) }
    }
    return isSame.flatMap(\.self) ?? left.elementsEqual(right)
  }

  /// Whether this comes first in the order of UTF-8 bytes (that of code points, too).
  package func precedes(_ other: String) -> Bool {
    utf8.lexicographicallyPrecedes(other.utf8)
  }
}
