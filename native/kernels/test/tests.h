/* The tests, by what they look at. */
#ifndef GRAFT_TESTS_H
#define GRAFT_TESTS_H

/* 3x3 layers against sums in double, of odd shapes and of VGG's channels. */
void test_layers(void);
/* Convolutions as matrix products. */
void test_gemm(void);
/* All gradients. */
void test_gradients(void);
/* All convolutions of VGG16 in a row. */
void test_network(void);
/* NaN and infinity, no memory, threads, scratch, bad kernels. */
void test_behaviour(void);

#endif
