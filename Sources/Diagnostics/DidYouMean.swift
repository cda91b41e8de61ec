/// The known word that a mistyped one was probably meant to be, or nil.
///
/// A word that differs only in case comes first; then the nearest by edit distance, where swapping
/// two neighbours is one edit. At most a third of the letters, and never more than three, may
/// differ. Of equally near words the first in the order of bytes is taken, so that the answer is
/// stable. When none is near, the only word that begins with the typed one is meant.
package func didYouMean(_ word: String, among known: some Collection<String>) -> String? {
  let typed = Array(word.lowercased().unicodeScalars.prefix(64))
  guard !typed.isEmpty else { return nil }
  var best: (distance: Int, word: String)?
  for candidate in known where candidate.utf8.count <= 128 {
    let letters = Array(candidate.lowercased().unicodeScalars)
    let allowed = min(3, max(1, max(typed.count, letters.count) / 3))
    if abs(letters.count - typed.count) > allowed { continue }
    let distance = editDistance(typed, letters)
    guard distance <= allowed else { continue }
    if let best, (best.distance, best.word) <= (distance, candidate) { continue }
    best = (distance, candidate)
  }
  if let best { return best.word }
  let longer = known.filter { $0.lowercased().unicodeScalars.starts(with: typed) }
  return typed.count >= 3 && longer.count == 1 ? longer.first : nil
}

/// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
  if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
  var beforePrevious: [Int] = []
  var previous = Array(0...right.count)
  for row in 1...left.count {
    var current = [row]
    current.reserveCapacity(right.count + 1)
    for column in 1...right.count {
      let cost = left[row - 1] == right[column - 1] ? 0 : 1
      var least = min(previous[column] + 1, current[column - 1] + 1, previous[column - 1] + cost)
      if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1]
      {
        least = min(least, beforePrevious[column - 2] + 1)
      }
      current.append(least)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[right.count]
}
