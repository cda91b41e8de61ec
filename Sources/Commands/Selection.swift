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
    for text in only + except where !known.contains(where: { $0.isNamed(text) }) {
      return unknown(text, among: known)
    }
    if !only.isEmpty {
      state.collections.removeAll { collection in
        !only.contains { collection.address.isNamed($0) }
      }
    }
    state.collections.removeAll { collection in
      except.contains { collection.address.isNamed($0) }
    }
    return nil
  }

  /// Why a text selects nothing: a collection is selected as a whole, by its address.
  private func unknown(_ text: String, among known: [ResourceAddress]) -> String {
    let quoted = "'\(Sanitizer.line(text))'"
    let locals = Set(known.map(\.local)).sorted()
    // A name in a path ends at a slash or an at sign, and may hold either itself.
    let owner = known.filter { address in
      ResourceKind.allCases.contains { kind in
        kind != .collection && text.hasPrefix("\(kind.rawValue)/\(address.collection)/")
      }
    }.max { $0.collection.string.utf8.count < $1.collection.string.utf8.count }
    if let owner {
      return "\(quoted) is a part of a collection, and collections are selected as a whole; "
        + "write '\(Sanitizer.line(owner.local))'"
    }
    if text.hasPrefix("\(ResourceKind.alias.rawValue)/") {
      return "\(quoted) is an alias, which is selected with its collection, as in "
        + "collection/products"
    }
    if !text.contains("/"), locals.contains("collection/\(text)") {
      return "the manifests have no \(quoted); did you mean 'collection/\(Sanitizer.line(text))'?"
    }
    return problem("the manifests have no", text, among: locals)
  }

  private func problem(_ what: String, _ name: String, among known: [String]) -> String {
    let hint = didYouMean(name, among: known).map { "; did you mean '\($0)'?" } ?? ""
    return "\(what) '\(Sanitizer.line(name))'\(hint)"
  }
}
