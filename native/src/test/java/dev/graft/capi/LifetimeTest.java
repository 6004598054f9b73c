package dev.graft.capi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LifetimeTest {
  private final AtomicInteger freed = new AtomicInteger();
  private final Lifetime lifetime = new Lifetime("too late", freed::incrementAndGet);

  @Test
  void theLastUserFreesWhatWasClosed() {
    lifetime.begin();
    lifetime.begin();
    lifetime.close();
    lifetime.close();
    assertThatThrownBy(lifetime::begin)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("too late");
    assertThatThrownBy(lifetime::check).isInstanceOf(IllegalStateException.class);
    lifetime.end();
    assertThat(freed).hasValue(0);
    lifetime.end();
    assertThat(freed).hasValue(1);
    lifetime.close();
    assertThat(freed).hasValue(1);
  }

  @Test
  void withoutUsersCloseFrees() {
    lifetime.begin();
    lifetime.end();
    assertThat(freed).hasValue(0);
    lifetime.close();
    assertThat(freed).hasValue(1);
  }

  @Test
  void itIsNotClosedUnderAUserWhoMustBeUnharmed() {
    lifetime.begin();
    assertThat(lifetime.closeIfUnused()).isFalse();
    lifetime.check();
    lifetime.end();
    assertThat(lifetime.closeIfUnused()).isTrue();
    assertThat(lifetime.closeIfUnused()).isTrue();
    assertThat(freed).hasValue(1);
    lifetime.open();
    lifetime.check();
    lifetime.close();
    assertThat(freed).hasValue(2);
  }
}
