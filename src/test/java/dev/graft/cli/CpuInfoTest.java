package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CpuInfoTest {
  @Test
  void readsTheFirstProcessor() {
    CpuInfo cpu =
        CpuInfo.parse(
            List.of(
                "processor\t: 0",
                "model name\t: Some CPU @ 2.0GHz",
                "flags\t\t: fpu sse4_2 avx fma",
                "model name\t: Another",
                "flags\t\t: fpu avx2"));
    assertThat(cpu.model()).isEqualTo("Some CPU @ 2.0GHz");
    assertThat(cpu.notable()).isEqualTo("sse4_2 avx fma");
    assertThat(cpu.lacks("avx2")).isTrue();
    assertThat(cpu.lacks("avx")).isFalse();
  }

  @Test
  void claimsNothingOfAnotherKindOfMachine() {
    CpuInfo cpu = CpuInfo.parse(List.of("Features : fp asimd"));
    assertThat(cpu.model()).isEmpty();
    assertThat(cpu.notable()).isEmpty();
    assertThat(cpu.lacks("avx")).isFalse();
  }
}
