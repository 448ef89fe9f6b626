// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// librdkafka starts its threads with C11's thrd_create, which GCC 12's ThreadSanitizer does not
// know: the first intercepted call on such a thread crashes. Every test of that build gets these
// two instead, which go by pthread_create.
#include <cstdint>
#include <memory>

#include <pthread.h>
#include <threads.h>

namespace {

struct Start {
    thrd_start_t function;
    void* argument;
};

void* run(void* argument) {
    const std::unique_ptr<Start> start(static_cast<Start*>(argument));
    return reinterpret_cast<void*>(static_cast<std::intptr_t>(start->function(start->argument)));
}

} // namespace

extern "C" int thrd_create(thrd_t* thread, thrd_start_t function, void* argument) {
    auto start = std::make_unique<Start>(Start{function, argument});
    if (pthread_create(thread, nullptr, run, start.get()) != 0)
        return thrd_error;
    (void)start.release(); // run() owns it now
    return thrd_success;
}

extern "C" int thrd_join(thrd_t thread, int* result) {
    void* value = nullptr;
    if (pthread_join(thread, &value) != 0)
        return thrd_error;
    if (result != nullptr)
        *result = static_cast<int>(reinterpret_cast<std::intptr_t>(value));
    return thrd_success;
}
