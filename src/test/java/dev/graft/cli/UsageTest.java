package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong arguments: exit code 2, one message, nothing done. */
class UsageTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          inspekt x.npy | Did you mean: graft inspect
          inspect | Missing required parameter: 'FILE'
          inspect x.npy --jsn | Possible solutions: --json
          check x.npy | Missing required option: '--map=TABLE'; 'graft tables --suggest x.npy'
          check x.npy --map slim-vgg61 | (did you mean 'slim-vgg16'?)
          check x.npy --map graft --model fcn9s | there is no model 'fcn9s'; the models are
          check x.npy --map graft --init fcn8s | --init needs --model
          check x.npy --map graft --classes 3 | --classes needs --model
          convert x.npy y.foo | no container has this extension; written are
          convert x.npy y.foo | --format NAME chooses a container
          convert x.npy y.npz --format zip | no container is called "zip"; written are
          convert x.npy y.npz --dtype int8 | there is no type 'int8'; the types are f32, f16, bf16
          convert x.npy y.npz --from nowhere | 'graft tables --suggest FILE' suggests one
          convert x.npy | Missing required parameter: 'DST'
          convert x.npy y.npz --to nowhere | no bundled table, and no file
          diff x.npy | Missing required parameter: 'B'
          diff x.npy y.npy --map graft --map-a graft | --map is for both files
          diff x.npy y.npy --tolerance -1 | --tolerance must be at least 0
          diff x.npy y.npy --relative NaN | --relative must be at least 0
          verify x.npy | Missing required parameter: 'MANIFEST'
          tables nowhere | no bundled table, and no file, is called 'nowhere'
          tables graft --suggest x.npy | --suggest takes no TABLE
          tables graft --json | --json is for the list
          train --model fcn8s --out run | Missing required option: '--data=DIR'
          train --data d --out run | Missing required option: '--model=M'
          train --model fcn8s --data d | Missing required option: '--out=RUN'
          train --model vgg16 --data d --out r | only segmentation networks are trained
          train --model fcn8s --data d --out r --augment crop | --augment crop needs --crop HxW
          train --model fcn8s --data d --out r --augment none,flip | --augment must be
          train --model fcn8s --data d --out r --crop 10 | expected HEIGHTxWIDTH in pixels
          train --model fcn8s --data d --out r --steps 0 | --steps must be at least 1
          train --model fcn8s --data d --out r --steps many | 'many' is not a long
          train --model fcn8s --data d --out r --optimizer lion | sgd, momentum or adam, not 'lion'
          train --model fcn8s --data d --out r --optimizer sgd --momentum 0.5 | not of sgd
          train --model fcn8s --data d --out r --dropout 1 | --dropout must be at least 0 and below 1
          train --model fcn8s --data d --out r --learning-rate 0 | --learning-rate must be above 0
          train --model fcn8s --data d --out r --learning-rate NaN | --learning-rate must be above 0
          train --model fcn8s --data d --out r --ignore-label 256 | --ignore-label must be 0 to 255
          train --model fcn8s --data d --out r --class-weights 1,heavy | found 'heavy'
          train --model fcn8s --data d --out r --map graft | --weights
          train --model fcn8s --data d --out r --weights w --map nowhere | no bundled table
          eval run | Missing required option: '--data=DIR'
          eval run --data d --split test | --split must be val or train
          predict a.png --out o | no IMAGE is given: 'a.png' is taken for the RUN
          predict run a.png | Missing required option: '--out=DIR'
          predict run a.png --out o --weights w | --weights needs --model M
          predict run a.png --out o --exclude s | --exclude is for --weights
          predict a.png --out o --model fcn8s | --model needs --weights FILE
          predict run a.png --out o --stock-kernels --fc-bfloat16 | which --stock-kernels switches
          eval run --data d --stock-kernels --fc-bfloat16 | --fc-bfloat16 needs Graft's own
          train --model fcn8s --data d --out r --fc-bfloat16 | Unknown option: '--fc-bfloat16'
          predict a.png b/a.jpg --out o --model fcn8s --weights w | files of the same name
          """)
  void isRefusedWithAMessage(String args, String message) {
    Graft.Result result = Graft.run((Object[]) args.split(" "));
    assertThat(result.err()).contains(message).doesNotContain("\tat ");
    assertThat(result.out()).isEmpty();
    assertThat(result.code()).isEqualTo(2);
  }
}
