// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long it takes from the click on a large event to its tree on the screen, and for how long the
// GUI thread is held up meanwhile: event_open [ROUNDS]. Prints figures; decides nothing.
#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QSettings>
#include <QTreeView>

#include <algorithm>
#include <cstdio>

#include "tests/widgets/live/live_story.h"
#include "widgets/live/detail_pane.h"

using namespace weir;

namespace {

constexpr int give_up_ms = 60'000;

/// An order of many items, so large.
std::string order(std::size_t bytes) {
    std::string text = R"({"event_id":"e-1","event_type":"order","properties":{"items":[)";
    for (int i = 0; text.size() < bytes; ++i)
        text += std::string(i == 0 ? "" : ",") + R"({"sku":"A-)" + std::to_string(i) +
                R"(","title":"A thing to be bought","email":"jane.doe@example.org","price":12.5})";
    return text + "]}}";
}

/// The longest time between two of its ticks.
class HeldUp : public QObject {
  public:
    HeldUp() {
        m_since.start();
        startTimer(1, Qt::PreciseTimer);
    }
    double most_ms() const { return m_most_ms; }

  protected:
    void timerEvent(QTimerEvent* /*event*/) override {
        m_most_ms = std::max(m_most_ms, static_cast<double>(m_since.nsecsElapsed()) / 1e6);
        m_since.restart();
    }

  private:
    QElapsedTimer m_since;
    double m_most_ms = 0;
};

void measure(const char* masking, std::shared_ptr<const DisclosurePolicy> policy, double mb,
             int rounds) {
    std::vector<double> opened_ms, held_ms;
    for (int round = 0; round < rounds; ++round) {
        test::Window window(0);
        window.source->policy = policy;
        window.world.put(0, {{.offset = 1, .value = order(static_cast<std::size_t>(mb * 1e6))}});
        if (!QTest::qWaitFor([&] { return window.table().rowCount() == 1; }, give_up_ms))
            continue;
        const HeldUp held;
        QElapsedTimer timer;
        timer.start();
        window.click(0);
        const auto shown = [&] {
            DetailPane* const pane = window.view->detail();
            return pane->detail() && pane->tree()->isVisible() &&
                   pane->tree()->model()->rowCount({}) > 0;
        };
        if (!QTest::qWaitFor(shown, give_up_ms))
            continue;
        window.view->detail()->tree()->viewport()->repaint();
        opened_ms.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
        QTest::qWait(50); // what it left to do
        held_ms.push_back(held.most_ms());
    }
    if (opened_ms.empty())
        return;
    std::sort(opened_ms.begin(), opened_ms.end());
    std::sort(held_ms.begin(), held_ms.end());
    std::printf("%5.1f MB, %-16s opened in %7.1f ms (slowest %7.1f), GUI thread held up for %6.1f "
                "ms (most %6.1f)\n",
                mb, masking, opened_ms[opened_ms.size() / 2], opened_ms.back(),
                held_ms[held_ms.size() / 2], held_ms.back());
}

} // namespace

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication app(argc, argv);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, QDir::tempPath());
    Theme::apply(ThemeChoice::Light);
    const int rounds = argc > 1 ? std::atoi(argv[1]) : 7;
    for (const double mb : {0.325, 1.0, 20.0}) {
        measure("nothing masked", DisclosurePolicy::none(), mb, rounds);
        measure("detectors mask", DisclosurePolicy::built_in_detectors(), mb, rounds);
    }
    return 0;
}
