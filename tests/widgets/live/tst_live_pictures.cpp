// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: window
//
// The Live view as a picture, light and dark, in the sizes and scales that it is made for: nothing
// of its bars is cut. WEIR_SHOTS names a folder that keeps the pictures.
#include <QAbstractButton>
#include <QLabel>
#include <QProcess>
#include <QTabBar>
#include <QtTest>

#include "tests/widgets/live/live_story.h"
#include "widgets/live/detail_pane.h"
#include "widgets/live/filter_bar.h"

using namespace weir;
using namespace weir::test;

namespace {

/// Within a window of 1,440 × 900 and one of 1,024 × 700.
constexpr QSize sizes[] = {{1440 - 148, 900 - 66}, {1024 - 148, 700 - 66}};

bool is_whole(const QWidget& control) {
    if (const auto* const button = qobject_cast<const QAbstractButton*>(&control))
        return button->width() >= button->minimumSizeHint().width();
    if (const auto* const tabs = qobject_cast<const QTabBar*>(&control))
        return tabs->rect().contains(tabs->tabRect(tabs->count() - 1));
    const auto* const label = qobject_cast<const QLabel*>(&control);
    const bool gives_way = label == nullptr || label->wordWrap() ||
                           label->sizePolicy().horizontalPolicy() == QSizePolicy::Ignored;
    return gives_way || label->fontMetrics().horizontalAdvance(label->text()) <= label->width();
}

/// The controls that do not show all that they have to say, or lie out of sight.
QStringList cut(const QWidget& view) {
    QStringList names;
    for (const QWidget* each : view.findChildren<QWidget*>()) {
        const bool told = qobject_cast<const QAbstractButton*>(each) != nullptr ||
                          qobject_cast<const QLabel*>(each) != nullptr ||
                          qobject_cast<const QTabBar*>(each) != nullptr;
        if (!told || !each->isVisible())
            continue;
        const QRect place(each->mapTo(&view, QPoint()), each->size());
        if (!view.rect().contains(place) || !is_whole(*each))
            names.append(QLatin1String(each->metaObject()->className()) % QStringLiteral(" ") %
                         each->accessibleName() % QStringLiteral(" ") %
                         each->property("text").toString());
    }
    return names;
}

/// Events of now, some of them dead letters.
std::vector<LiveWorldEvent> busy_stream() {
    auto events = LiveWorld::purchases(400, 83'120'042);
    for (std::size_t i = 0; i < events.size(); ++i) {
        events[i].time_us = events[i].observed_us = Micros::now().value();
        if (i % 7 != 0)
            continue;
        events[i].topic = "invalid_events";
        events[i].outcome = Outcome::Failed;
        events[i].reason = "price: number expected";
    }
    return events;
}

} // namespace

class TestLivePictures : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        m_shots = qEnvironmentVariable("WEIR_SHOTS", m_folder.path());
    }

    void draws_itself_in_light_and_dark() {
        for (const ThemeChoice choice : {ThemeChoice::Light, ThemeChoice::Dark})
            for (const QSize& size : sizes) {
                Theme::apply(choice);
                draw(choice, size);
                if (QTest::currentTestFailed())
                    return;
            }
    }

    void draws_itself_at_twice_the_scale() {
        if (qEnvironmentVariableIsSet("QT_SCALE_FACTOR"))
            QSKIP("this is the process at another scale");
        // The scale is a process's: it is read when its application is made.
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("QT_SCALE_FACTOR"), QStringLiteral("2"));
        environment.insert(QStringLiteral("WEIR_SHOTS"), m_shots);
        process.setProcessEnvironment(environment);
        process.start(QCoreApplication::applicationFilePath(),
                      {QStringLiteral("draws_itself_in_light_and_dark")});
        QVERIFY(process.waitForFinished(60'000));
        QVERIFY2(process.exitCode() == 0, process.readAllStandardOutput());
        QCOMPARE(QImage(file(ThemeChoice::Dark, sizes[1], 2)).size(), sizes[1] * 2);
    }

  private:
    QString file(ThemeChoice choice, const QSize& size, int scale) const {
        return QStringLiteral("%1/live-%2-%3%4.png")
            .arg(m_shots, Theme::word(choice))
            .arg(size.width())
            .arg(scale == 1 ? QString() : QStringLiteral("-x%1").arg(scale));
    }

    void draw(ThemeChoice choice, const QSize& size) {
        Window w(0, size);
        w.source->now.events_per_s = 48'210;
        w.source->searchable = true;
        w.world.put(0, busy_stream());
        QTRY_COMPARE(w.table().rowCount(), 400u);
        w.view->filterBar()->apply(
            QStringLiteral("platform == \"web\" and properties.price > 100"));
        QTRY_VERIFY(w.table().snapshot()->filtered && !w.table().snapshot()->scanning);
        w.click(5);
        QTRY_VERIFY(w.view->detail()->detail());
        QTRY_VERIFY(w.view->statusText().contains(QStringLiteral("paused")));
        QCOMPARE(w.view->size(), size); // it can be as small as that
        const QStringList missing = cut(*w.view);
        QVERIFY2(missing.isEmpty(), qPrintable(missing.join(u'\n')));
        const QPixmap picture = w.view->grab();
        const int scale = qRound(picture.devicePixelRatio());
        QCOMPARE(picture.size(), size * scale);
        QCOMPARE(scale, qEnvironmentVariable("QT_SCALE_FACTOR", QStringLiteral("1")).toInt());
        QCOMPARE(picture.toImage().pixelColor(2, 2), Theme::color(Token::Background));
        QVERIFY(picture.save(file(choice, size, scale)));
    }

    const QTemporaryDir m_folder;
    QString m_shots;
};

QTEST_MAIN(TestLivePictures)
#include "tst_live_pictures.moc"
