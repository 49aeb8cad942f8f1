package scheduling

import (
	"strings"

	"golang.org/x/text/language"
)

// Voice is how time is said to one person: language, clock, order of the date,
// first day of the week. It is cheap to copy and safe to share; make it once for
// a person and keep it.
type Voice struct {
	db        *DB
	lang      int
	hours12   bool
	order     DateOrder
	weekStart int // 0 Sunday, 1 Monday, 6 Saturday
}

// NewVoice makes a voice from what is known of a person. Language and region come
// from the locale (BCP 47, any spelling); without a region the zone's country
// decides about clock, date and week, by CLDR 48.2 (timeData, weekData). clock and
// order, when they are known, go before both. A language that is not spoken here is
// answered in English.
func NewVoice(db *DB, locale, zone string, clock Clock, order DateOrder) Voice {
	if db == nil {
		db = Default()
	}
	v := Voice{db: db}
	region := ""
	if locale != "" {
		if tag, err := language.Parse(strings.ReplaceAll(locale, "_", "-")); err == nil {
			base, _ := tag.Base()
			switch base.String() {
			case "de":
				v.lang = german
			case "es":
				v.lang = spanish
			}
			if reg, sure := tag.Region(); sure == language.Exact {
				region = reg.String()
			} else if zone == "" {
				region = reg.String()
			}
		}
	}
	if region == "" && zone != "" {
		g := db.places()
		region = g.countryOf(db, zone)
	}
	v.hours12 = has(hours12In, region)
	if v.lang == german {
		v.hours12 = false
	}
	if clock != ClockUnknown {
		v.hours12 = clock == Hours12
	}
	v.order = DayFirst
	if has(monthFirstIn, region) && v.lang == english {
		v.order = MonthFirst
	}
	if order != OrderUnknown {
		v.order = order
	}
	v.weekStart = 1
	if has(sundayIn, region) {
		v.weekStart = 0
	} else if has(saturdayIn, region) {
		v.weekStart = 6
	}
	return v
}

// WeekStart is the first day of the person's week: 0 for Sunday, 1 for Monday, 6
// for Saturday.
func (v Voice) WeekStart() int { return v.weekStart }

func has(list, region string) bool {
	return region != "" && strings.Contains(list, " "+region+" ")
}

// Regions by CLDR 48.2. The clock: timeData, preferred h. The week: weekData,
// firstDay. The order of the date: English dates with the month's name.
const (
	hours12In = " AE AG AL AR AS AU BB BD BH BM BN BO BS BT CA CL CO CR CU CY DJ DM DO DZ EC EG EH ER ET FJ FM GD GH GM GR GT GU GY HN IN IQ JM JO KH KI KN KP KR KW KY LB LC LR LS LY MH MO MP MR MW MX MY NA NI NZ OM PA PE PG PH PK PR PS PW PY QA SA SB SD SG SL SO SS SV SY SZ TC TD TN TO TT TW UM US UY VC VE VG VI VU WS YE ZM "

	sundayIn   = " AG AS BD BR BS BT BW BZ CA CO DM DO ET GT GU HK HN ID IL IN IS JM JP KE KH KR LA MH MM MO MT MX MZ NI NP PA PE PH PK PR PT PY SA SG SV TH TT TW UM US VE VI WS YE ZA ZW "
	saturdayIn = " AF BH DJ DZ EG IQ IR JO KW LY OM QA SD SY "

	monthFirstIn = " AS BI CA FM GU MH MP PH PR PW UM US VI "
)
