// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir demo without a display, and the pictures that it leaves.
#include <QDir>
#include <QImage>
#include <QTemporaryDir>
#include <QtTest>

#include "app/gui/views.h"
#include "tests/support/weir_command.h"

using namespace weir;
using namespace weir::test;

class TestDemoCommand : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

  private Q_SLOTS:
    void without_a_window_it_says_what_it_sees() {
        const Answer answer = weir_says(QStringLiteral("demo --headless --for 3s"));
        QVERIFY2(answer.code == 0, answer.err.constData());
        const QList<QByteArray> lines = answer.out.trimmed().split('\n');
        QVERIFY(lines.size() >= 3);
        QVERIFY2(lines.last().contains(" events, "), lines.last().constData());
        QVERIFY2(!lines.last().contains("  0 events"), lines.last().constData());
    }

    void each_view_is_drawn_in_light_and_dark() {
        const QDir folder(m_folder.filePath(QStringLiteral("pictures")));
        const Answer answer = weir_says(
            {QStringLiteral("screenshot"), QStringLiteral("all"), folder.path(),
             QStringLiteral("--size"), QStringLiteral("1024x700"), QStringLiteral("--after"),
             QStringLiteral("1s"), QStringLiteral("--wait"), QStringLiteral("60s")});
        QVERIFY2(answer.code == 0, answer.err.constData());
        for (const ViewEntry& view : view_entries()) {
            const QString start = folder.filePath(QString::fromUtf8(view.id));
            const QImage light(start + QStringLiteral("-light.png"));
            const QImage dark(start + QStringLiteral("-dark.png"));
            QCOMPARE(light.size(), QSize(1024, 700));
            QCOMPARE(dark.size(), light.size());
            QVERIFY(light.pixelColor(2, 2).lightness() > 200);
            QVERIFY(dark.pixelColor(2, 2).lightness() < 60);
        }
        QCOMPARE(folder.entryList(QDir::Files).size(), 2 * qsizetype(view_entries().size()));
    }
};

QTEST_GUILESS_MAIN(TestDemoCommand)
#include "tst_demo_command.moc"
