import Diagnostics
import JSON
import OptionParsing
import ResourceModel

/// The part of a workspace that a command line asks for.
struct Selection {
  let clusters: [String]
  let only: [String]
  let except: [String]

  init(_ command: ParsedCommand) {
    clusters = command.texts("--cluster")
    only = command.texts("--only")
    except = command.texts("--except")
  }

  /// Whether nothing is left out.
  var isEverything: Bool { clusters.isEmpty && only.isEmpty && except.isEmpty }

  /// Narrows the state; the text of a problem when something that was named is not there.
  func apply(to state: inout DesiredState) -> String? {
    for name in clusters where !state.clusters.contains(where: { $0.name == name }) {
      return problem("no cluster is named", name, among: state.clusters.map(\.name))
    }
    if !clusters.isEmpty {
      state.clusters.removeAll { !clusters.contains($0.name) }
      state.collections.removeAll { !clusters.contains($0.address.cluster) }
    }
    let known = state.collections.map(\.address)
    for address in only + except where !known.contains(where: { matches($0, address) }) {
      return problem(
        "the manifests have no", address, among: Array(Set(known.map(\.local))).sorted())
    }
    if !only.isEmpty {
      state.collections.removeAll { collection in
        !only.contains { matches(collection.address, $0) }
      }
    }
    state.collections.removeAll { collection in
      except.contains { matches(collection.address, $0) }
    }
    return nil
  }

  private func matches(_ address: ResourceAddress, _ text: String) -> Bool {
    address.local.hasSameBytes(as: text) || address.description.hasSameBytes(as: text)
  }

  private func problem(_ what: String, _ name: String, among known: [String]) -> String {
    let hint = didYouMean(name, among: known).map { "; did you mean '\($0)'?" } ?? ""
    return "\(what) '\(Sanitizer.line(name))'\(hint)"
  }
}
