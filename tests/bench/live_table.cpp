// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the Live view costs the GUI thread at 100,000 events a second with 1 M rows held and a
// filter on, and how long a filter by a JSON path takes over these rows: to the first ones, to all.
// Usage: live_table [ROWS] [SECONDS]. Prints figures; decides nothing.
#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QSettings>
#include <QTimer>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <mutex>
#include <thread>

#include <ctime>

#include "tests/support/live_world.h"
#include "widgets/live/filter_bar.h"
#include "widgets/live/live_table.h"
#include "widgets/live/live_view.h"

using namespace weir;

namespace {

/// The events of LiveWorld, filled up to about 535 bytes.
std::vector<LiveWorldEvent> batch(int count, std::int64_t first) {
    std::vector<LiveWorldEvent> events = LiveWorld::purchases(count, first);
    static const std::string filling =
        R"(,"context":{"app_version":"4.7.1","locale":"de-DE","ip":"203.0.113.7","user_agent":")" +
        std::string(230, 'u') + R"(","page":"/cart/checkout","consent":{"ads":false}}})";
    for (LiveWorldEvent& event : events) {
        event.value.pop_back();
        event.value += filling;
        event.observed_us = Micros::now().value();
    }
    return events;
}

/// One lane, fed by a thread, looked at by the window.
class Stream : public LiveSource {
  public:
    explicit Stream(int rows)
        : m_world(1, {.rows = 2'000'000, .bytes = 1ULL << 30}) {
        for (; m_next < rows; m_next += 10'000)
            m_world.put(0, batch(10'000, m_next));
        look();
    }
    /// 5,000 events each 50 ms.
    void pour(const std::atomic<bool>& stop) {
        auto due = std::chrono::steady_clock::now();
        while (!stop) {
            m_world.put(0, batch(5'000, m_next));
            m_next += 5'000;
            look();
            due += std::chrono::milliseconds(50);
            std::this_thread::sleep_until(due);
        }
    }
    QString connection() const override { return QStringLiteral("bench"); }
    CommandTarget commandTarget(const std::string& /*connection*/) const override { return {}; }
    QStringList topics() const override { return {QStringLiteral("raw_events")}; }
    LiveStatus status() const override {
        LiveStatus status;
        status.state = LiveStatus::State::Live;
        return status;
    }
    std::uint64_t observation() const override { return 1; }
    std::vector<std::shared_ptr<const LaneSnapshot>> snapshots() const override {
        const std::lock_guard lock(m_mutex);
        return m_lanes;
    }
    std::shared_ptr<const Vocabulary> vocabulary() const override { return m_world.vocabulary(); }
    std::shared_ptr<const DisclosurePolicy> disclosure() const override { return policy; }
    DecoderFactory decoders() const override {
        return [] { return nullptr; };
    }
    std::shared_ptr<const DisclosurePolicy> policy = DisclosurePolicy::none();

  private:
    void look() {
        auto lanes = m_world.snapshots();
        const std::lock_guard lock(m_mutex);
        m_lanes.swap(lanes);
    }
    LiveWorld m_world;
    std::int64_t m_next = 0;
    mutable std::mutex m_mutex;
    std::vector<std::shared_ptr<const LaneSnapshot>> m_lanes;
};

void measure_filter(const char* name, Stream& stream, const char* text) {
    LiveFeedOptions options;
    options.vocabulary = stream.vocabulary();
    options.rules.disclosure = stream.policy;
    const auto feed = LiveFeed::start(options);
    feed->offer(stream.snapshots());
    while (feed->snapshot()->in_memory == 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const auto filter = Filter::parse(text, Micros::now());
    QElapsedTimer timer;
    timer.start();
    const std::uint64_t token = feed->set_filter(*filter);
    double first_ms = -1;
    for (;;) {
        const auto snapshot = feed->snapshot();
        if (snapshot->filter_token == token) {
            if (first_ms < 0 && snapshot->matched() > 0)
                first_ms = static_cast<double>(timer.nsecsElapsed()) / 1e6;
            if (!snapshot->scanning)
                break;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    std::printf("%-34s first rows %7.1f ms, all %8.1f ms, %llu of %llu match\n", name, first_ms,
                static_cast<double>(timer.nsecsElapsed()) / 1e6,
                static_cast<unsigned long long>(feed->snapshot()->matched()),
                static_cast<unsigned long long>(feed->snapshot()->in_memory));
}

/// Time this thread was busy: what other threads and programs take of the cores is not in it.
double thread_busy_ms() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

void print_quantiles(const char* what, std::vector<double> values_ms) {
    if (values_ms.empty())
        return;
    std::sort(values_ms.begin(), values_ms.end());
    const auto quantile = [&](double q) {
        return values_ms[static_cast<std::size_t>(q * static_cast<double>(values_ms.size() - 1))];
    };
    std::printf("GUI thread per tick, filter on, %-9s p50 %6.2f ms, p99 %6.2f ms, max %6.2f ms\n",
                what, quantile(0.5), quantile(0.99), values_ms.back());
}

void measure_ticks(std::unique_ptr<Stream> source, int seconds) {
    Stream& stream = *source;
    ViewContext context;
    LiveView view(std::move(source), context);
    view.resize(1440, 900);
    view.show();
    view.filterBar()->apply(QStringLiteral("type == \"purchase\" and properties.price > 50"));
    std::atomic<bool> stop{false};
    std::thread pour([&] { stream.pour(stop); });
    std::vector<double> ticks_ms, busy_ms;
    QTimer tick;
    QObject::connect(&tick, &QTimer::timeout, &view, [&] {
        QElapsedTimer timer;
        timer.start();
        const double busy_before_ms = thread_busy_ms();
        view.tick();
        view.table()->viewport()->repaint(); // what the event loop would do behind it
        busy_ms.push_back(thread_busy_ms() - busy_before_ms);
        ticks_ms.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
    });
    tick.start(50);
    QTimer::singleShot(seconds * 1000, qApp, &QApplication::quit);
    QApplication::exec();
    stop = true;
    pour.join();
    print_quantiles("busy", busy_ms);
    print_quantiles("by clock", ticks_ms);
    std::printf("%llu rows held\n",
                static_cast<unsigned long long>(view.table()->snapshot()->in_memory));
}

} // namespace

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, QDir::tempPath());
    Theme::apply(ThemeChoice::Light);
    const int rows = argc > 1 ? std::atoi(argv[1]) : 1'000'000;
    const int seconds = argc > 2 ? std::atoi(argv[2]) : 10;
    auto stream = std::make_unique<Stream>(rows);
    measure_filter("JSON path, nothing masked", *stream, "$.properties.price > 100");
    measure_filter("rare JSON path, nothing masked", *stream, "$.properties.order_id == 12");
    stream->policy = DisclosurePolicy::built_in_detectors();
    measure_filter("JSON path, detectors mask", *stream, "$.properties.price > 100");
    stream->policy = DisclosurePolicy::none();
    measure_ticks(std::move(stream), seconds);
    return 0;
}
