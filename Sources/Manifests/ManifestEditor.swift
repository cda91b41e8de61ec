import Diagnostics
import JSON
package import ResourceModel

/// Edits the text of a manifest by meaning and leaves every other byte as it is.
///
/// An edit is made only where it can be proved: the new text is read again, and it must mean what
/// the old one meant with exactly the one change. Everything else is refused with a reason.
package struct ManifestEditor: Sendable {
  /// Why an edit was not made.
  package struct Refusal: Error, Sendable, Hashable {
    package var reason: String
  }

  /// The text as it stands now, without a byte order mark.
  package private(set) var bytes: [UInt8]
  private let original: EditedText

  /// A text as it was loaded: places of edits point into it, whatever was edited since.
  package init(_ bytes: [UInt8]) throws(Refusal) {
    self.bytes = bytes
    original = try EditedText(bytes)
  }

  /// Makes one edit, or leaves the text as it is and says why.
  package mutating func apply(_ edit: ManifestEdit) throws(Refusal) {
    let text = try EditedText(bytes)
    // The unnamed vector's part stands in its container itself.
    let keys = edit.path.segments.filter { !$0.string.isEmpty }
    let existing = edit.existing - (edit.path.segments.count - keys.count)
    let change: EditedText.Change
    switch edit.target {
    case .document(let name):
      guard let document = original.document(named: name) else {
        throw Refusal(reason: "it has no document of its own")
      }
      change = try text.change(document, keys, existing: existing, edit)
    case .value(let span):
      // Edits add keys and exchange values, so that what leads to a value leads to it still.
      guard let place = original.place(of: span), place.ends(with: keys) else {
        throw Refusal(reason: "the value is written otherwise where it stands")
      }
      change = try text.change(at: place, edit.value)
    }
    var new = bytes
    new.replaceSubrange(change.range, with: change.text.utf8)
    try EditedText(new).verify(change.values)
    bytes = new
  }
}
