import JSON
import ResourceModel

/// Reads many collections at once: a fixed number of readers, each taking every n-th name.
struct CollectionReader: Sendable {
  typealias Outcome = Result<ObservedCollection?, ProviderError>

  let client: QdrantClient
  let isDistributed: Bool
  /// Readers at once.
  let window: Int

  /// Every name with its outcome; one failure does not hide the others.
  func read(_ names: [ExactString]) async -> [(ExactString, Outcome)] {
    let readers = max(1, min(window, names.count))
    return await withTaskGroup(of: [(ExactString, Outcome)].self) { group in
      for first in 0..<readers {
        group.addTask {
          var outcomes: [(ExactString, Outcome)] = []
          for index in stride(from: first, to: names.count, by: readers) {
            outcomes.append((names[index], await readOne(names[index])))
          }
          return outcomes
        }
      }
      var all: [(ExactString, Outcome)] = []
      all.reserveCapacity(names.count)
      for await part in group { all += part }
      return all
    }
  }

  private func readOne(_ name: ExactString) async -> Outcome {
    do throws(ProviderError) {
      return .success(try await client.read(name, withPlacement: isDistributed))
    } catch {
      return .failure(error)
    }
  }
}
