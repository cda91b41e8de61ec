/// A YAML text with everything that a person sees in it: comments, blank lines, styles, order.
///
/// `YAMLTree` holds what a text means; this one holds how it says it, for writing it again.
struct SyntaxTree {
  /// A comment from its `#` on, without white space at its end.
  struct Comment: Equatable {
    var text: String
    /// Whether a blank line stands above it.
    var isAfterBlank = false
  }

  /// A key as it means, and whether it is `<<` without quotes.
  struct Key {
    var text: String
    var isMerge = false
    var anchor: String?
  }

  /// What an entry holds; what is below it stands in its `children`.
  enum Value {
    case scalar(String, style: Style)
    case alias(String)
    case mapping(isFlow: Bool)
    case list(isFlow: Bool)
  }

  /// How a scalar was written.
  enum Style {
    case plain
    case quoted
    case literal
    /// With the lines as they stand in the text, which alone know where it was folded.
    case folded([String])
  }

  /// An entry of a mapping, an item of a list, or the root of a document.
  struct Entry {
    var key: Key?
    var anchor: String?
    var value = Value.scalar("", style: .plain)
    /// The places of what is below it.
    var children: [Int] = []
    /// Whether a blank line stands above it, below its own comments.
    var isAfterBlank = false
    /// The comments above it.
    var leading: [Comment] = []
    /// Comments at the ends of its lines: of the first line, or before the value.
    var trailing: [String] = []
    /// Comments behind the bracket that closes it.
    var closing: [String] = []
    /// Comments below the last of its children.
    var tail: [Comment] = []
  }

  var entries: [Entry] = []
  /// The roots.
  var documents: [Int] = []

  /// Whether there is an anchor or an alias at or below an entry: then order has a meaning.
  func hasAnchors(_ entry: Int) -> Bool {
    let it = entries[entry]
    if it.anchor != nil || it.key?.anchor != nil { return true }
    if case .alias = it.value { return true }
    return it.children.contains(where: hasAnchors)
  }

  /// Whether a comment stands between the brackets of an entry.
  func hasInnerComments(_ entry: Int) -> Bool {
    if !entries[entry].tail.isEmpty { return true }
    return entries[entry].children.contains { child in
      let it = entries[child]
      return !it.leading.isEmpty || !it.trailing.isEmpty || !it.closing.isEmpty
        || hasInnerComments(child)
    }
  }
}
