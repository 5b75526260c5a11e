"""The words that the grammar of captions knows beyond lemminflect's lexicon. Lists only."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


def words(text: str) -> frozenset[str]:
    """A set of words written as one text."""
    return frozenset(text.split())


NUMBERS: Mapping[str, str] = MappingProxyType(
    {word: word for word in ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")}
    | {"2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven", "8": "eight"}
)
GENERAL = words("video clip scene footage show movie film people someone thing way group lot something part end")
"""Nouns that name no thing that is in a clip."""
COLOURS = words("red blue green yellow white black brown orange pink purple gray grey blonde golden silver")
PEOPLE = words(
    """
    man woman boy girl person lady guy child kid baby toddler teenager teen adult player singer dancer actor actress
    chef cook reporter host anchor newscaster announcer commentator journalist musician guitarist drummer pianist
    rapper performer artist model wrestler boxer fighter runner swimmer skater skateboarder surfer diver driver rider
    biker cyclist golfer gymnast athlete cheerleader coach referee teacher student doctor nurse scientist soldier
    officer policeman cop fireman firefighter astronaut pilot president politician judge priest nun king queen prince
    princess bride groom mother father mom dad daughter son sister brother couple grandmother grandfather clown
    magician comedian presenter interviewer speaker lecturer instructor trainer worker farmer hunter fisherman
    carpenter painter barber hairdresser waiter waitress bartender male female youth gentleman lad ballerina conductor
    violinist knight warrior pirate cowboy ninja monk infant newborn friend celebrity contestant fan vlogger gamer
    professor engineer mechanic tourist climber hiker jogger skier snowboarder goalie batter pitcher people narrator
    individual employee leader director guest parent photographer passenger beautician dentist surgeon veterinarian
    analyst stylist umpire minister pope jockey human wizard witch gladiator superhero villain spectator brunette
    blonde customer owner racer motorcyclist neighbor sailor tailor butcher baker potter cameraman
    """
)
WOMEN = words("woman girl lady female mother mom daughter sister actress princess queen bride ballerina waitress nun")
MEN = words("man boy guy male father dad son brother gentleman lad king prince groom fireman policeman monk")
"""Lemmas that say whether someone is a woman or a man."""
PLACES = words(
    """
    stage kitchen street road highway field room park beach gym pool lake river ocean sea forest wood mountain hill
    office studio classroom school church stadium court track house home garden yard backyard city town village market
    store shop mall restaurant bar cafe bathroom bedroom hallway desert snow grass sand bridge ground floor couch sofa
    bed chair bench car bus train boat plane runway theater theatre auditorium arena airport station hospital
    laboratory lab library museum garage driveway sidewalk parking lawn playground zoo farm barn cave jungle island
    water sky space corridor hall club hotel ship elevator cage catwalk ramp trail path roof rooftop porch balcony
    window tent tunnel ring rink savannah grassland meadow pasture prairie swamp pond aquarium bathtub podium lot
    """
)
# Words that are always read the same way.
FUNCTION_LISTS = """
D a an the some his her their its this that these those another my our your many several
B is are was were
P in on at with into onto from for of about inside under near behind against beside during between among
P across through along over towards toward around by upon above below after before without like
F up down out off away back together outside outdoors indoors
R then also very slowly quickly still just now happily well carefully all both quietly live again there here
C and or but while as because so than when if until
W who that which what how where why whose whom
O he she it they him them himself herself themselves itself i we us you me everyone everything nothing someone
O something somebody anyone anything each one other others s t
T to
H has have had having
X can could will would may might must does do did be been get gets getting got not
I being
N tv minecraft lego gameplay pong tshirt t-shirt rugby skillet mic selfie anime lab ad backflip app sumo cellphone
N teddy tattoo fridge suv iphone catwalk slideshow pokemon website scenery rapper firetruck hairstyle vlog video
N computer internet game pasta newscaster hand face head animal mouth phone
S people sunglasses legos burgers selfies kids men women boys girls babies ladies guys police backflips tattoos
S clothes pants jeans scissors
J asian indian spanish american english british african chinese japanese french korean german european little
J young old small large big different various main pretty front
"""
FUNCTION = {word: line[0] for line in FUNCTION_LISTS.strip().splitlines() for word in line.split()[1:]}
FUNCTION |= dict.fromkeys(NUMBERS, "M") | dict.fromkeys(COLOURS, "J")
# "a group of men" is about the men, "a piece of paper" about the paper.
MANY = words("group bunch couple pair lot number crowd team series variety lots groups crew")
PART = words("piece pieces kind type sort slice slices bit game plate bowl cup glass amount round sheet")
# The lexicon calls these verbs too; in captions they are things.
THINGS = words(
    """
    ballet clip game doll highlight sport spear tree toy picture video fan team piece figure man image dog star war part
    horse band soldier glass eye tip pirate wing dish egg ball product instrument flag truck train pet outfit plane
    baby kid cat seed mushroom juice tie machine jacket paper water home room group tool boat plate ship people lady
    host book monkey bottle guest flower number wall table bag thread belt gun pistol board color colour channel word
    worm nurse king queen prince mate stunt title powder party snack rock basket stage role stone sand sun stream
    state engineer coach mask rat duck map log leg head face nail finger phone parent boss type list scale site ice
    oil butter salt pepper pencil ski snow rain corn bread sauce soup dress suit coat cap shoe skin light road bed
    desk
    """
)
LEMMAS = {"leaves": {"NOUN": "leaf"}, "lay": {"VERB": "lay"}, "lays": {"VERB": "lay"}, "couples": {"NOUN": "couple"}}
SHORT = {"tv": "tv", "people": "people", "lego": "lego", "legos": "lego", "t-shirt": "shirt", "tshirt": "shirt"}
SAME_IN_SINGULAR = words("clothes pants jeans scissors sunglasses glasses news shorts goggles headphones")
