mod capture;
mod restore;
mod connect;
mod look;
mod property;
mod world;
