import Execution
import Synchronization

/// A journal that ends with the rehearsal.
final class EntryList: Sendable {
  private let entries: Mutex<[JournalEntry]>

  init(_ entries: [JournalEntry]) { self.entries = Mutex(entries) }

  func append(_ entry: JournalEntry) { entries.withLock { $0.append(entry) } }
  var all: [JournalEntry] { entries.withLock { $0 } }
}
