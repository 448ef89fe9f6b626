// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: window
//
// What the detail pane says of an event that is masked.
#include <QLabel>
#include <QTest>

#include <atomic>

#include "tests/support/live_world.h"
#include "widgets/live/detail_pane.h"

using namespace weir;

namespace {

/// The texts that are seen in a pane that shows this value under the detectors.
QStringList said_of(const std::string& value, DetailPane::Tab tab) {
    LiveWorld world;
    world.put(0, {{.value = value}});
    std::atomic<bool> ready{false};
    EventLoader loader(world.vocabulary(), DisclosurePolicy::built_in_detectors(), nullptr, nullptr,
                       [&ready] { ready = true; });
    loader.load(world.snapshots().front()->segments.front(), 0);
    if (!QTest::qWaitFor([&] { return ready.load(); }))
        return {};
    DetailPane pane;
    pane.setDetail(loader.detail());
    pane.setTab(tab);
    pane.show();
    QStringList texts;
    for (const QLabel* label : pane.findChildren<QLabel*>())
        if (label->isVisible())
            texts.append(label->text());
    return texts;
}

} // namespace

class TestDetailPane : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void raw_and_hex_say_that_they_are_masked() {
        for (const auto tab : {DetailPane::Tree, DetailPane::Raw, DetailPane::Hex}) {
            const QStringList masked = said_of(R"({"email":"jane@x.org"})", tab);
            QVERIFY(!masked.filter(QStringLiteral("Masked: ")).isEmpty());
            const QStringList open = said_of(R"({"sku":"SKU-1"})", tab);
            QVERIFY(!open.isEmpty() && open.filter(QStringLiteral("Masked: ")).isEmpty());
        }
    }

    void a_masked_event_that_is_no_json_says_where_it_breaks_and_that_raw_is_masked() {
        const std::string broken = R"({"name": "Zoë", "n": tru})";
        JsonTape tape;
        QVERIFY(!tape.parse(broken));
        const QStringList said =
            said_of(broken, DetailPane::Tree).filter(QStringLiteral("Not JSON"));
        QCOMPARE(said.size(), 1);
        QVERIFY2(
            said.front().contains(
                QStringLiteral("at byte %1 of the event as it was read").arg(tape.error().offset)),
            qPrintable(said.front()));
        QVERIFY(said.front().contains(QStringLiteral("masked")));
    }
};

QTEST_MAIN(TestDetailPane)
#include "tst_detail_pane.moc"
