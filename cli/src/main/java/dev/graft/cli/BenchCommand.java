package dev.graft.cli;

import dev.graft.cli.Failures.Failed;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code graft bench}: hands over to the benchmarks, where they are on the class path. */
@Command(
    name = "bench",
    customSynopsis = {"graft bench [JMH OPTIONS]", "graft bench peers [OPTIONS] [CASE...]"},
    description = {
      "Run the JMH benchmarks; all arguments are JMH's.",
      "'graft bench -- -h' shows what they are.",
      "",
      "With 'peers': Graft's operations, TensorFlow's and ONNX Runtime side by side in one process.",
      "'graft bench peers --help' shows more."
    },
    footer = {
      "Examples:",
      "  graft bench -l",
      "  graft bench CallOverhead -f 1 -wi 3",
      "  graft bench peers vgg16-convs --rounds 40"
    })
final class BenchCommand extends GraftCommand {
  private static final String MAIN_CLASS = "dev.graft.bench.BenchMain";

  @Parameters(
      arity = "0..*",
      paramLabel = "OPTION",
      description = "JMH's options, or those of peers.")
  private List<String> arguments = List.of();

  @Override
  public Integer call() throws ReflectiveOperationException {
    Class<?> main;
    try {
      main = Class.forName(MAIN_CLASS);
    } catch (ClassNotFoundException e) {
      throw new Failed(
          "the benchmarks are not on the class path; the launcher 'graft' puts them there", e);
    }
    try {
      return (Integer)
          main.getMethod("run", PrintStream.class, PrintStream.class, String[].class)
              .invoke(null, out(), err(), arguments.toArray(new String[0]));
    } catch (InvocationTargetException e) {
      throw new Failed("the benchmarks failed: " + Failures.describe(e.getCause()), e);
    }
  }
}
