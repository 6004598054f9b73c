package dev.graft.cli;

import dev.graft.capi.TensorFlowException;
import dev.graft.graph.GraphException;
import dev.graft.train.DatasetException;
import dev.graft.train.TrainingException;
import dev.graft.weights.WeightsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Turns what went wrong into one message for the user. */
final class Failures {
  private Failures() {}

  /** The work failed for a reason that a command found itself. */
  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean reported;

    Failed(String message) {
      super(message);
      this.reported = false;
    }

    Failed(String message, Throwable cause) {
      super(message, cause);
      this.reported = false;
    }

    private Failed() {
      super("reported before");
      this.reported = true;
    }

    /** The user has read why already. */
    static Failed reported() {
      return new Failed();
    }

    boolean wasReported() {
      return reported;
    }
  }

  /** What to tell the user; never empty. */
  static String describe(Throwable failure) {
    if (failure instanceof OutOfMemoryError) {
      return ("out of memory (%s); the Java heap is limited to %s:"
              + " GRAFT_JAVA_OPTS=-Xmx… in the environment sets another limit")
          .formatted(failure.getMessage(), Tables.bytes(Runtime.getRuntime().maxMemory()));
    }
    if (failure instanceof LinkageError) {
      return "a library cannot be loaded: " + rootOf(failure) + "; 'graft doctor' says more";
    }
    if (failure instanceof FileSystemException e) {
      return e.getFile() + ": " + reason(e);
    }
    if (failure instanceof UncheckedIOException e) {
      return fileProblem(e, e.getCause());
    }
    if (isForTheUser(failure)) {
      return failure.getCause() instanceof UncheckedIOException io
          ? fileProblem(failure, io.getCause())
          : failure.getMessage();
    }
    return "internal error, please report it (--verbose shows where): " + failure;
  }

  private static boolean isForTheUser(Throwable failure) {
    return failure instanceof Failed
        || failure instanceof WeightsException
        || failure instanceof GraphException
        || failure instanceof DatasetException
        || failure instanceof TrainingException
        || failure instanceof TensorFlowException
        || failure instanceof IOException;
  }

  /** Java's exceptions for files often have only the file's name as their message. */
  private static String fileProblem(Throwable failure, IOException cause) {
    String message = failure.getMessage();
    if (message == null || message.equals(cause.toString())) {
      return describe(cause);
    }
    boolean onlyNamed =
        cause instanceof FileSystemException e
            && e.getReason() == null
            && !message.contains(reason(e))
            && !message.contains("no such file");
    return onlyNamed ? message + " (" + reason((FileSystemException) cause) + ")" : message;
  }

  private static String reason(FileSystemException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file or folder";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "is there already, and is no folder";
    }
    if (e instanceof NotDirectoryException) {
      return "is no folder";
    }
    if (e instanceof DirectoryNotEmptyException) {
      return "the folder is not empty";
    }
    return e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
  }

  /** What began it. */
  static Throwable rootOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
