import Foundation

/// Writes several files into one folder, all of them or, when one is there already, none.
struct OutputFolder {
  let path: String
  /// Whether files that are there already are replaced.
  var overwrites = false

  func write(_ files: [(name: String, bytes: [UInt8])]) throws(OutputFile.Problem) {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true)
    } catch {
      throw OutputFile.Problem(message: "\(path) cannot be made a folder")
    }
    var info = stat()
    for file in files where !overwrites && lstat("\(path)/\(file.name)", &info) == 0 {
      throw OutputFile.Problem(
        message: "\(path)/\(file.name) exists already; nothing was written; --force replaces it")
    }
    for file in files {
      let target = "\(path)/\(file.name)"
      if overwrites {
        try OutputFile.replace(target, with: file.bytes)
      } else {
        try OutputFile.write(file.bytes, to: target)
      }
    }
  }
}
