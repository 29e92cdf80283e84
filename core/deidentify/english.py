"""English words the check leans on: openers, titles, kin, places, workplaces. Tables only."""

from __future__ import annotations


def _set(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


#: Words that open a sentence with a capital and are nobody's name.
OPENERS = _set(
    "a about above actually after again against ago all almost alone already also although always am an and another",
    "any anyone anything are aren't around as ask at away back be because been before begin behind being below beside",
    "best better between both bring build but by bye call can can't cannot case choose client clients closing cold",
    "come coming correction could couldn't cut data dear demo did didn't discuss do does doesn't don't done draft",
    "draw during each earlier either else end enough even ever every everybody everyone everything exercise few find",
    "first follow for four from full funny get give go good got had happy hard has hasn't have haven't he he'd he'll",
    "he's hello help her here here's hers herself hey hi him himself his hold home how however hugs i i'd i'll i'm",
    "i've if imagine in instead interview into is isn't it it'd it'll it's its itself just keep kids last later learn",
    "leave less let let's like listen little long look love lunch make many may maybe me mine more most much must my",
    "name need needless neither never new news next no nobody none nor not note notes nothing notice now of off often",
    "oh ok okay old on once one only open or other others our out outline over parents part pause people perhaps",
    "please plus post pov put question quick quote read reader readers really reminder repeat reply rest right run",
    "same save say script second see segment send session set shame she she'd she'll she's short should show sit six",
    "slide slow so some somebody someone something sometimes soon sorry speak start step still stop story subject",
    "such swap take tell ten thank thanks that that's the their them then there there's these they they'd they'll",
    "they're they've things think third this those though thread three through tip to today together tomorrow tonight",
    "too train trauma true trust try two under until up upon us use very wait was wasn't watch we we'd we'll we're",
    "we've welcome well were weren't what what's whatever when where which while who whoever whole whose why will",
    "winter with without women men word words work worse would wouldn't wow write yes yesterday yet you you'd you'll",
    "you're you've young your yours zero am's mr mrs therapist narrator host caller guest panel handout worksheet",
    "takeaways takeaway homework title intro outro",
)

#: Given names that are everyday words too: alone at the start of a sentence they need more to count.
EVERYDAY_NAMES = _set(
    "will may case mark hope grace faith joy rose love art bill chance page major early branch green red brown gray",
    "star king dawn summer autumn winter spring april june august eve iris ivy lily daisy violet ruby pearl amber",
    "crystal jewel charity honor justice mercy patience prudence unique precious destiny serenity harmony melody",
    "trinity miracle heaven angel christian sunny stormy rain sky skye river brook forest hunter mason cooper carter",
    "porter tanner archer parker price rich max miles pat nick rob sue drew frank guy jack bob dick dean earl duke",
    "prince baron norm gene grant wade chase chuck pierce lance reed reid cliff dale glen heath rusty sandy misty",
    "candy ginger olive penny holly hazel berry cherry clay stone ray sol dot tab toy tiny job ward dan banks lane",
    "hill lake long rand seven journey story legend reason echo ocean meadow sage saint royal noble west brave true",
    "ever son sing fancy worth said male author golden less add del link skip general unknown trace delta alpha math",
    "doc val meta lad deal little minor orange fisher roll lone colon fed mac media cap carry atlas newton ridge",
    "lemma theta kelvin tree wind bee bear wolf fox server doctor bird press edit park sister haven victory boss",
    "judge friend genesis governor blessing lawyer baby foster north forum tilde ceil handy hence michele robin jay",
    "wren crew jet kit dash arrow ace blaze storm wise",
)

#: Capitalised words that name no one: peoples, faiths, brands, schools of thought, things of the calendar.
NOT_A_NAME = _set(
    "i i'm i've i'd i'll english spanish french german italian arabic mandarin chinese american african asian",
    "european latino latina latinx hispanic indian irish polish russian korean japanese mexican native black white",
    "brown deaf jewish muslim christian catholic protestant baptist buddhist hindu sikh mormon quaker amish god jesus",
    "christ bible quran koran torah lord holocaust covid internet tiktok instagram facebook youtube twitter reddit",
    "snapchat linkedin whatsapp zoom google gmail venmo zelle paypal airtag apple iphone ipad android netflix spotify",
    "uber lyft medicare medicaid blue-cross blue shield cross hipaa cbt dbt emdr ptsd adhd ocd dsm ssri ace bmi dna",
    "gps usb dms dm pov q a polaroid kodak walmart costco ikea starbucks disney lego crayola tupperware velcro",
    "kleenex tylenol prozac zoloft xanax adderall lithium ritalin tv dvd cd faq ceo hr er icu pta gpa ssn dob mrn vin",
    "imei mac id ip usa us u.s uk eu un nhs va cps cpa bowlby ainsworth freud freudian jung jungian winnicott piaget",
    "pavlov maslow rogerian gestalt buddha monday tuesday wednesday thursday friday saturday sunday mondays tuesdays",
    "wednesdays thursdays fridays saturdays sundays january february march april may june july august september",
    "october november december spring summer autumn fall winter christmas easter thanksgiving hanukkah ramadan eid",
    "diwali passover halloween kwanzaa earth mars part chapter slide step episode phase unit session dad mom mum mama",
    "papa grandma grandpa nana therapist client me you he she him her they one two three four five patient dr mr mrs",
    "ms serial number policy licence license plate account chart file record claim member card code",
)

#: Of those, what often ends the name of a school, a church or a club.
IN_A_NAME = _set(
    "catholic baptist christian jewish methodist lutheran hindu deaf american native african irish black brown white",
)

#: Larger than what the law counts as a place: states of the US. Countries come from CLDR.
STATES = _set(
    "alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois",
    "indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri",
    "montana nebraska nevada ohio oklahoma oregon pennsylvania tennessee texas utah vermont virginia washington",
    "wisconsin wyoming",
)

#: Cities in the US of two words that could be a person.
CITIES_LIKE_NAMES = frozenset(
    {
        *("ann arbor", "baton rouge", "chula vista", "corpus christi", "el paso", "grand rapids", "las cruces"),
        *("las vegas", "palo alto", "saint louis", "saint paul", "san angelo", "san antonio", "san bernardino"),
        *("san diego", "san francisco", "san jose", "san juan", "san marcos", "san mateo", "santa ana"),
        *("santa barbara", "santa clara", "santa clarita", "santa cruz", "santa fe", "santa maria", "santa monica"),
        *("santa rosa", "terre haute", "walla walla"),
    }
)

#: Written with a capital before a name.
TITLES = _set(
    "Mr Mrs Ms Miss Mx Dr Prof Professor Rev Reverend Father Sister Brother Pastor Rabbi Imam Deacon Bishop Fr Captain",
    "Capt Commander Sergeant Sgt Lieutenant Lt Colonel Col Major Maj General Gen Officer Detective Chief Sheriff Judge",
    "Justice Senator Mayor Coach Nurse Aunt Auntie Uncle Grandma Grandpa Nana Papa Sir Dame Lady Lord Madam Señor",
    "Señora Big Old Little",
)

#: What a name of a school, a workplace or a place has in it.
SCHOOL_WORDS = _set(
    "school college university academy elementary kindergarten preschool seminary polytechnic prep yeshiva madrasa",
    "highschool institute lyceum montessori ps unified",
)
EMPLOYER_WORDS = _set(
    "hospital clinic medical healthcare health inc llc ltd corp corporation company co software systems industries",
    "technologies labs laboratories bank museum office department dept sheriff police fire orchestra symphony theatre",
    "theater foundation agency bureau ministry council airlines railway railroad mine mines mill mills paper",
    "shipbuilding shipyard port factory foods motors steel bakery brewery cafe café diner restaurant grill tackle",
    "salon studios partners associates group holdings insurance realty logistics enterprises services hotel casino",
    "news times post gazette herald farm farms ranch winery stores supermarket pharmacy",
)
PLACE_WORDS = _set(
    "street st road rd avenue ave lane ln drive dr court ct boulevard blvd highway hwy route way terrace place plaza",
    "square county township parish village town city beach heights valley springs falls island islands lake river",
    "creek bay harbor harbour hills mountain mountains canyon park mall bridge station airport fort port mount cape",
    "point grove chapel church cathedral mosque temple synagogue",
)
