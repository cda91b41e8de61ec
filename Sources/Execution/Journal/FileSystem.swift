/// The few file operations that a journal needs: the system's, or those of a simulated disk.
///
/// Nothing here lasts over a loss of power by itself: bytes last after `synchronize` of their file,
/// names after `synchronizeFolder` of the folder that they stand in.
package protocol FileSystem: Sendable {
  /// Makes a folder for this user alone (0700); one that is there is a failure (`EEXIST`).
  func makeFolder(_ path: String) throws(FileFailure)

  /// What stands at a path, links not followed; nil when nothing does.
  func status(of path: String) throws(FileFailure) -> FileStatus?

  /// The names in a folder, in the order of their bytes.
  func names(in folder: String) throws(FileFailure) -> [String]

  /// The whole of a regular file.
  func read(_ path: String) throws(FileFailure) -> [UInt8]

  /// Opens a file for appending; a new one is for this user alone (0600).
  func open(_ path: String, _ mode: OpenMode) throws(FileFailure) -> OpenFile

  /// Writes all of it at the end of the file; after a failure any first part of it may be there.
  func append(_ bytes: [UInt8], to file: OpenFile) throws(FileFailure)

  /// Makes everything written to the file last over a loss of power.
  func synchronize(_ file: OpenFile) throws(FileFailure)

  /// Makes the names in a folder last over a loss of power.
  func synchronizeFolder(_ path: String) throws(FileFailure)

  /// Gives a file or folder another name, in one step; a file of that name is replaced.
  func rename(_ old: String, to new: String) throws(FileFailure)

  /// Cuts a file to that length.
  func truncate(_ file: OpenFile, to length: Int) throws(FileFailure)

  /// Reserves that many bytes after the end of a file without changing its length, as far as the
  /// file system can (one that cannot is no failure).
  func reserve(_ bytes: Int, after file: OpenFile) throws(FileFailure)

  /// Takes the file's lock, which ends with the process; false when another holder has it.
  func lock(_ file: OpenFile) throws(FileFailure) -> Bool

  /// Gives the file back; its lock, too.
  func close(_ file: OpenFile)

  /// Removes a file.
  func removeFile(_ path: String) throws(FileFailure)

  /// Removes an empty folder.
  func removeFolder(_ path: String) throws(FileFailure)
}
