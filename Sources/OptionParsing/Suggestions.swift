import Diagnostics

/// Finds what a mistyped word was likely meant to be.
enum Suggestions {
  /// The nearest candidate, or one that begins with the word (from three letters on).
  static func nearest(to word: String, among candidates: [String]) -> String? {
    if let near = didYouMean(word, among: candidates) { return near }
    guard word.drop(while: { $0 == "-" }).count >= 3 else { return nil }
    return candidates.first { $0.hasPrefix(word) }
  }
}
